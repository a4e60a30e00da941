package dev.turnout.proxy.control;

import dev.turnout.admin.EndpointKey;
import dev.turnout.config.EndpointState;
import java.util.List;
import java.util.Locale;

/** What an operator decided about one endpoint. */
record EndpointOverride(EndpointKey endpoint, Value value, Stamp stamp) implements RuntimeChange {
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
    public List<String> routes() {
        return List.of(endpoint.route());
    }
}
