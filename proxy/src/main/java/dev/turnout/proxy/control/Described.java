package dev.turnout.proxy.control;

import dev.turnout.admin.EndpointKey;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.RoutingSnapshot.Route;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change in words, for those who read about it.
 *
 * @param action {@code split}, {@code drain}, {@code endpoint} or {@code reload}
 * @param route empty: of no one route
 * @param subject what of the route; empty: the route itself
 */
record Described(
        String action,
        Optional<String> route,
        Optional<String> subject,
        String before,
        String after) {
    private static final String NONE = "-";

    static Described of(RuntimeChange change, Intent before, Intent after) {
        return switch (change) {
            case SplitOverride split -> new Described(split.drained().isPresent() ? "drain" : "split",
                    Optional.of(split.route()), Optional.empty(), split(before, split.route()),
                    split(after, split.route()) + (split.green().isPresent() ? "" : ", as in the file"));
            case EndpointOverride endpoint -> new Described("endpoint",
                    Optional.of(endpoint.endpoint().route()),
                    Optional.of(
                            endpoint.endpoint().target().label() + " " + endpoint.endpoint().address()),
                    state(before, endpoint.endpoint()), state(after, endpoint.endpoint()));
            case FileChange file -> file(file.routes().stream().map(route -> "route " + route).toList());
            case Repetition _ -> new Described("repetition", Optional.empty(), Optional.empty(), NONE, NONE);
        };
    }

    /** Another file, and what it changes. */
    static Described file(List<String> sentences) {
        return new Described("reload", Optional.empty(), Optional.empty(), NONE,
                sentences.isEmpty() ? NONE : String.join("; ", sentences));
    }

    private static String split(Intent intent, String route) {
        @Nullable
        Route known = intent.snapshot().route(route);
        return known == null
                ? NONE
                : "green " + known.split().green()
                        + known.drained().map(Target::label).map(side -> ", " + side + " drained").orElse("");
    }

    private static String state(Intent intent, EndpointKey endpoint) {
        return intent.file().containsKey(endpoint.route())
                ? intent.side(endpoint.route(), endpoint.target())
                        .state(endpoint.address())
                        .map(EndpointState::label)
                        .orElse("absent")
                : NONE;
    }

    /** {@code shop: green 5% -> green 12.5% by ops: first step}. */
    String sentence(Stamp stamp) {
        return route.orElse("configuration") + subject.map(what -> " " + what).orElse("") + ": " + before
                + " -> " + after + " by " + stamp.actor()
                + stamp.reason().map(why -> ": " + why).orElse("");
    }
}
