package dev.turnout.config;

import java.util.List;

/** What reading a configuration came to. */
public sealed interface ConfigResult {
    /**
     * It may run.
     *
     * @param warnings what is odd about it all the same; may be empty
     */
    record Valid(TurnoutConfig config, List<Problem> warnings) implements ConfigResult {
        public Valid {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * It may not run.
     *
     * @param problems every one of them, in the order of their lines; at least one
     */
    record Invalid(List<Problem> problems) implements ConfigResult {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
