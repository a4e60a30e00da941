package dev.turnout.config;

/** What a request is told apart by, so that one user stays on one side. */
public sealed interface CohortKey {
    /** The name of the header or cookie that carries the key. */
    String name();

    /** The value of a header; of its first line, when there are several. */
    record Header(String name) implements CohortKey {
        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /** The value of a cookie; of its first pair, when there are several. */
    record Cookie(String name) implements CohortKey {
        @Override
        public String toString() {
            return "cookie " + name;
        }
    }
}
