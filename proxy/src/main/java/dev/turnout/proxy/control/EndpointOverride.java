package dev.turnout.proxy.control;

import dev.turnout.admin.EndpointKey;
import dev.turnout.config.EndpointState;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What an operator decided about one endpoint. */
record EndpointOverride(
        EndpointKey endpoint,
        Value value,
        Optional<String> reason,
        String actor,
        long version,
        Instant at) implements RuntimeChange {
    /** What holds instead of the file. */
    enum Value {
        ACTIVE, DRAINED,
        /** The file has it, the side does not. */
        REMOVED,
        /** Nothing does: active if the file has it, else gone. */
        FILE;

        private final String label = name().toLowerCase(Locale.ROOT);

        static Value of(EndpointState state) {
            return switch (state) {
                case ACTIVE -> ACTIVE;
                case DRAINED -> DRAINED;
            };
        }

        /** The name in the journal. */
        String label() {
            return label;
        }
    }

    @Override
    public String route() {
        return endpoint.route();
    }
}
