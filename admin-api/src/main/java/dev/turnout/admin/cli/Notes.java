package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/** What is worth knowing about a route beside its figures: a line each, empty when all is well and as in the file. */
final class Notes {
    private Notes() {}

    static Stream<String> of(JsonNode route) {
        String name = name(route);
        return Stream.of(drained(route), overFile(route), hidden(route), fileChanged(route),
                endpoints(name, "blue", route.at("/targets/blue")),
                endpoints(name, "green", route.at("/targets/green")))
                .flatMap(lines -> lines);
    }

    /** What {@link Routes#layers} does not show. */
    static Stream<String> ofSplit(JsonNode route) {
        return Stream.of(drained(route), hidden(route), fileChanged(route)).flatMap(lines -> lines);
    }

    private static Stream<String> drained(JsonNode route) {
        String side = Routes.text(route.path("split"), "drained");
        if (side.equals(Figures.NONE)) {
            return Stream.empty();
        }
        return Stream.of(name(route) + ": " + Table.printable(side) + " is drained, "
                + left(route.path("targets").path(side)) + " left" + reason(route.path("split"))
                + "; turnout split " + name(route) + " green=PERCENT, or --reset, sends it requests again");
    }

    /** What a side still has under way: {@code 3 requests and 1 tunnel}, {@code 3 sessions}. */
    static String left(JsonNode side) {
        return side.path("sessions").isObject()
                ? plural(side.at("/sessions/open"), "session")
                : plural(side.path("inFlight"), "request") + " and " + plural(side.path("tunnels"), "tunnel");
    }

    static String plural(JsonNode number, String noun) {
        return Figures.count(number) + " " + noun + (number.asLong() == 1 ? "" : "s");
    }

    /** Not of a drained side, which has a line of its own, nor when {@link #fileChanged} or {@link #hidden} says it. */
    private static Stream<String> overFile(JsonNode route) {
        JsonNode split = route.path("split");
        return split.path("runtime").isNumber() && !split.path("fileThen").isNumber()
                && !split.path("hidden").isTextual()
                && !split.path("drained").isTextual()
                        ? Stream.of(name(route) + ": green " + Figures.percent(split.path("runtime"))
                                + " was set at run time over the file's "
                                + Figures.percent(split.path("file"))
                                + reason(split))
                        : Stream.empty();
    }

    private static Stream<String> hidden(JsonNode route) {
        JsonNode split = route.path("split");
        return split.path("hidden").isTextual()
                ? Stream.of(name(route) + ": green " + Figures.percent(split.path("runtime"))
                        + " was set at run time" + reason(split) + ", but is not in force: "
                        + Table.printable(split.path("hidden").textValue()) + "; turnout split " + name(route)
                        + " --reset drops it")
                : Stream.empty();
    }

    private static Stream<String> fileChanged(JsonNode route) {
        JsonNode split = route.path("split");
        return split.path("fileThen").isNumber() && !split.path("hidden").isTextual()
                ? Stream.of(name(route) + ": green " + Figures.percent(split.path("runtime"))
                        + " was set at run time over the file's " + Figures.percent(split.path("fileThen"))
                        + reason(split) + "; the file says " + Figures.percent(split.path("file"))
                        + " now, turnout split " + name(route) + " --reset takes that")
                : Stream.empty();
    }

    private static Stream<String> endpoints(String route, String side, JsonNode view) {
        Stream<String> present = view.path("endpoints").valueStream()
                .flatMap(endpoint -> endpoint(route + ": " + side + " " + address(endpoint), endpoint));
        Stream<String> removed = view.path("removed").valueStream()
                .map(endpoint -> route + ": " + side + " " + address(endpoint) + " of the file is removed"
                        + reason(endpoint));
        return Stream.concat(present, removed);
    }

    private static Stream<String> endpoint(String subject, JsonNode endpoint) {
        Stream.Builder<String> lines = Stream.builder();
        if (Routes.isDrained(endpoint)) {
            lines.add(subject + " is drained, " + Figures.count(endpoint.path("inFlight")) + " in flight"
                    + reason(endpoint));
        } else if (Routes.isAdded(endpoint)) {
            lines.add(subject + " was added at run time" + reason(endpoint));
        }
        if (!Routes.isHealthy(endpoint)) {
            lines.add(subject + " is unhealthy");
        }
        return lines.build();
    }

    private static String name(JsonNode route) {
        return Table.printable(Routes.text(route, "name"));
    }

    private static String address(JsonNode endpoint) {
        return Table.printable(Routes.text(endpoint, "address"));
    }

    private static String reason(JsonNode json) {
        return json.path("reason").isTextual() ? ": " + Table.printable(json.path("reason").textValue()) : "";
    }
}
