package dev.turnout.proxy.control;

import java.util.List;

/** What an operator decided over the file, or that the file itself has changed; as it stands in the journal. */
sealed interface RuntimeChange permits SplitOverride, EndpointOverride, FileChange, Repetition {
    Stamp stamp();

    /** The routes that it gives a new version. */
    List<String> routes();

    default long version() {
        return stamp().version();
    }
}
