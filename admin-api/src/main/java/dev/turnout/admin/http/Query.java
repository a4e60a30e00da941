package dev.turnout.admin.http;

import dev.turnout.admin.http.Problem.Kind;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/** The parameters after the path, read strictly: a misspelt one is refused, not ignored. */
final class Query {
    private final MultiMap parameters;

    private Query(MultiMap parameters) {
        this.parameters = parameters;
    }

    /** @param known the names that it may have */
    static Query of(Call call, String... known) {
        List<String> names = List.of(known);
        for (String name : call.query().names()) {
            if (!names.contains(name)) {
                throw refused(Problem.shortened(name), "unknown parameter",
                        names.isEmpty() ? "none here" : String.join(", ", names));
            }
        }
        return new Query(call.query());
    }

    /** The one value; empty: the parameter is not there. */
    Optional<String> one(String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw refused(name, values.size() + " of them", "one");
        }
        return values.stream().findFirst();
    }

    List<String> all(String name) {
        return parameters.getAll(name);
    }

    /** A whole number; {@code otherwise} when the parameter is not there. */
    long number(String name, long min, long max, long otherwise) {
        return one(name).map(text -> number(name, text, min, max)).orElse(otherwise);
    }

    static long number(String name, String text, long min, long max) {
        long number = text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            throw refused(name, '"' + text + '"', "a whole number, " + min + " to " + max);
        }
        return number;
    }

    static ProblemException refused(String name, String found, String expected) {
        return new Problem(Kind.BAD_REQUEST,
                name + ": " + Problem.shortened(found) + " (expected: " + expected + ")").raised();
    }
}
