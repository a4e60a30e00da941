package dev.turnout.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What differs between two configurations, key by key, for people. */
public final class Differences {
    private static final int MAX_SHOWN = 60;
    /** Whose keys stand beside those of what they are in. */
    private static final Set<String> WITHOUT_SECTION = Set.of("http", "postgres");
    /** Components that are not called as their keys. */
    private static final Map<String, String> KEYS = Map.of(
            "duration", "for", // a word of Java's: health.eject.for
            "sides", "blue.tls or green.tls",
            "authenticateTimeout", "timeouts.authenticate",
            "unauthenticated", "limits.unauthenticated");
    /** Components of a PostgreSQL route that repeat what the keys it shares with HTTP have shown. */
    private static final Set<String> REPEATED = Set.of("connectTimeout", "connections");

    private Differences() {}

    /** A line for each key whose value differs, {@code split.green: 5% -> 10%}; in the order of the components. */
    public static <R extends Record> List<String> between(R before, R after) {
        List<String> lines = new ArrayList<>();
        collect("", before, after, lines);
        return lines;
    }

    private static void collect(String path, Record before, Record after, List<String> lines) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object was = content(value(component, before));
            Object is = content(value(component, after));
            if (Objects.equals(was, is) || isRepeated(component)) {
                continue;
            }
            boolean section = !WITHOUT_SECTION.contains(component.getName());
            String inner = section ? (path.isEmpty() ? "" : path + ".") + key(component.getName()) : path;
            if (was instanceof Record one && is instanceof Record other && isSection(was.getClass())) {
                collect(inner, one, other, lines);
            } else {
                lines.add(inner + line(shown(was), shown(is)));
            }
        }
    }

    /** A section that may be left out and is there: itself. */
    private static Object content(Object value) {
        return value instanceof Optional<?> optional && optional.orElse(null) instanceof PostgresConfig config
                ? config
                : value;
    }

    private static boolean isRepeated(RecordComponent component) {
        return component.getDeclaringRecord() == PostgresConfig.class
                && REPEATED.contains(component.getName());
    }

    /** Whether a type stands for keys of its own, and is not one value. */
    private static boolean isSection(Class<?> type) {
        return type.isRecord() && type.getSimpleName().matches(".*(Config|Limits|Timeouts)");
    }

    private static String line(String was, String is) {
        boolean isShort = was.length() <= MAX_SHOWN && is.length() <= MAX_SHOWN && !was.equals(is);
        return isShort ? ": " + was + " -> " + is : ": changed";
    }

    private static String shown(Object value) {
        return switch (value) {
            case OptionalLong number -> number.isPresent() ? Long.toString(number.getAsLong()) : "nothing";
            case Optional<?> optional -> optional.map(Differences::shown).orElse("nothing");
            // As they are written in the file.
            case Duration duration -> duration.toString().substring(2).toLowerCase(Locale.ROOT);
            case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
            case List<?> list -> list.stream().allMatch(Differences::isOneWord)
                    ? list.toString()
                    : list.size() + (list.size() == 1 ? " entry" : " entries");
            default -> String.valueOf(value);
        };
    }

    private static boolean isOneWord(Object element) {
        return element instanceof Address || element instanceof AddressRange;
    }

    private static String key(String component) {
        String own = KEYS.get(component);
        return own == null ? component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT) : own;
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component + " of " + of.getClass(), e);
        }
    }
}
