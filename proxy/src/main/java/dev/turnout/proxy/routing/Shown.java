package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.HostPattern;
import dev.turnout.config.RequestMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Texts of requests and of the configuration, as sentences have them. */
final class Shown {
    private static final int LONGEST = 60;
    private static final String MORE = "…";

    private Shown() {}

    /** Shortened, and with {@code ?} for every character that moves a cursor or is not seen. */
    static String of(String text) {
        int[] shown = text.codePoints().limit(LONGEST + 1L).map(Shown::visible).toArray();
        return shown.length > LONGEST
                ? new String(shown, 0, LONGEST - 1) + MORE
                : new String(shown, 0, shown.length);
    }

    private static int visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE, Character.UNASSIGNED ->
                '?';
            default -> character;
        };
    }

    /**
     * What a rule asks for, in the words of its configuration.
     *
     * @param unit what it is asked of: a request or a session
     */
    static String when(RequestMatch match, String unit) {
        List<String> parts = new ArrayList<>();
        add(parts, "method ", match.methods().stream().sorted().toList(), Function.identity());
        add(parts, "host ", match.hosts(), HostPattern::toString);
        match.pathPrefix().ifPresent(prefix -> parts.add("path-prefix " + prefix));
        addAll(parts, "header ", match.headers());
        addAll(parts, "query ", match.query());
        add(parts, "client ", match.clients(), AddressRange::toString);
        new TreeMap<>(match.startup()).forEach(
                (name, values) -> add(parts, startup(name), values, Function.identity()));
        return parts.isEmpty() ? "any " + unit : String.join(", ", parts);
    }

    private static String startup(String name) {
        return switch (name) {
            case "user", "database" -> name + " ";
            case "application_name" -> "application ";
            default -> "startup " + name + "=";
        };
    }

    private static <T> void add(List<String> parts, String name, Collection<T> values,
            Function<T, String> text) {
        if (!values.isEmpty()) {
            parts.add(values.stream().map(text).collect(Collectors.joining(" or ", name, "")));
        }
    }

    private static void addAll(List<String> parts, String name, Map<String, String> values) {
        new TreeMap<>(values).forEach((key, value) -> parts.add(name + key + "=" + value));
    }
}
