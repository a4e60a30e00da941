package dev.turnout.admin.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Builds the query of a request; names may repeat. */
final class Query {
    private final StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");

    /** Nothing where there is no value. */
    Query withSome(String name, @Nullable String value) {
        return value == null ? this : with(name, value);
    }

    Query with(String name, String value) {
        parameters.add(encoded(name) + "=" + encoded(value));
        return this;
    }

    /** As part of a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** With its question mark; empty without parameters. */
    @Override
    public String toString() {
        return parameters.toString();
    }
}
