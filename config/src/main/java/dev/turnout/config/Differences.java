package dev.turnout.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What differs between two configurations, key by key, for people. */
public final class Differences {
    private static final int MAX_SHOWN = 60;
    /** A component whose keys stand beside those of what it is in. */
    private static final Class<?> WITHOUT_SECTION = HttpConfig.class;

    private Differences() {}

    /** A line for each key whose value differs, {@code split.green: 5% -> 10%}; in the order of the components. */
    public static <R extends Record> List<String> between(R before, R after) {
        List<String> lines = new ArrayList<>();
        collect("", before, after, lines);
        return lines;
    }

    private static void collect(String path, Record before, Record after, List<String> lines) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object was = value(component, before);
            Object is = value(component, after);
            if (Objects.equals(was, is)) {
                continue;
            }
            boolean section = component.getType() != WITHOUT_SECTION;
            String inner = section ? (path.isEmpty() ? "" : path + ".") + key(component.getName()) : path;
            if (was instanceof Record one && is instanceof Record other && isSection(component.getType())) {
                collect(inner, one, other, lines);
            } else {
                lines.add(inner + line(shown(was), shown(is)));
            }
        }
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
        // The one key that is a word of Java's: health.eject.for.
        return component.equals("duration")
                ? "for"
                : component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component + " of " + of.getClass(), e);
        }
    }
}
