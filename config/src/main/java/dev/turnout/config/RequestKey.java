package dev.turnout.config;

/** A place in a request where a value is found: what users are told apart by, or what forces a side. */
public sealed interface RequestKey {
    /** The value of a header; of its first line, when there are several. */
    record Header(String name) implements RequestKey {
        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /** The value of a cookie; of its first pair, when there are several. */
    record Cookie(String name) implements RequestKey {
        @Override
        public String toString() {
            return "cookie " + name;
        }
    }

    /** The value of a parameter in the query, decoded; of its first, when there are several. */
    record Query(String name) implements RequestKey {
        @Override
        public String toString() {
            return "query " + name;
        }
    }

    /**
     * The value of a startup parameter of a PostgreSQL session: {@code user}, {@code database},
     * {@code application_name}, or any other, also one that stands in {@code options} as {@code -c name=value}. Letter
     * case of the name does not matter.
     */
    record Startup(String name) implements RequestKey {
        @Override
        public String toString() {
            return "startup parameter " + name;
        }
    }

    /** The address of the client, as text. */
    record ClientAddress() implements RequestKey {
        @Override
        public String toString() {
            return "client-ip";
        }
    }
}
