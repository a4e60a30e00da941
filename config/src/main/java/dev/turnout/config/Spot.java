package dev.turnout.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A value and where it stands.
 *
 * @param path for messages: {@code turnout.admin.tokens[0].name}
 * @param value null where nothing is set
 * @param written the value before substitution; null where that cannot be said
 * @param place of the value or, where it has none, of what is around it
 */
record Spot(
        Sources sources,
        String path,
        @Nullable ConfigValue value,
        @Nullable ConfigValue written,
        Place place) {
    static Spot root(Sources sources, Document document) {
        return new Spot(sources, "", document.resolved(), document.written(), new Place(document.file(), 0));
    }

    /** The same place with nothing there. */
    Spot emptied() {
        return new Spot(sources, path, null, null, place);
    }

    boolean isAbsent() {
        return value == null || (!isUnresolved() && value.valueType() == ConfigValueType.NULL);
    }

    /** Whether a substitution in the value itself has no value; what its members lack does not count. */
    boolean isUnresolved() {
        return value != null && Leftovers.isUnresolved(value);
    }

    Optional<ConfigObject> object() {
        return value instanceof ConfigObject object && !isUnresolved()
                ? Optional.of(object)
                : Optional.empty();
    }

    Spot member(String key) {
        String name = Shown.key(key);
        return inside(path.isEmpty() ? name : path + "." + name, member(value, key), member(written, key));
    }

    /** The elements of a list; empty when this is none. */
    Optional<List<Spot>> elements() {
        if (isUnresolved() || !(value instanceof ConfigList list)) {
            return Optional.empty();
        }
        return Optional.of(IntStream.range(0, list.size())
                .mapToObj(i -> inside(path + "[" + i + "]", list.get(i), writtenElement(list, i)))
                .toList());
    }

    private Spot inside(String innerPath, @Nullable ConfigValue inner, @Nullable ConfigValue innerWritten) {
        Place innerPlace = placeOf(inner).or(() -> placeOf(innerWritten)).orElse(place);
        return new Spot(sources, innerPath, inner, innerWritten, innerPlace);
    }

    private Optional<Place> placeOf(@Nullable ConfigValue located) {
        return Optional.ofNullable(located).flatMap(value -> sources.place(value.origin()));
    }

    /** An unset element is gone after substitution: then nobody knows which is which. */
    private @Nullable ConfigValue writtenElement(ConfigList list, int index) {
        return written instanceof ConfigList before && before.size() == list.size()
                ? before.get(index)
                : null;
    }

    private static @Nullable ConfigValue member(@Nullable ConfigValue parent, String key) {
        try {
            return parent instanceof ConfigObject object ? object.get(key) : null;
        } catch (ConfigException.NotResolved e) {
            return null; // a merge that waits for a substitution shows no members
        }
    }
}
