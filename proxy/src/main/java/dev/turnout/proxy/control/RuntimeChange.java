package dev.turnout.proxy.control;

import java.time.Instant;
import java.util.Optional;

/** What an operator decided over the file, as it stands in the journal. */
sealed interface RuntimeChange permits SplitOverride, EndpointOverride {
    String route();

    Optional<String> reason();

    /** The name of the token. */
    String actor();

    /** The version that this change made. */
    long version();

    Instant at();
}
