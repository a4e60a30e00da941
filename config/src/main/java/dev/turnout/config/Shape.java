package dev.turnout.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One section of {@code reference.conf}: which keys there are, and what holds when one is left out. That file is the
 * one place for both, so what operators read there cannot differ from what the loader does.
 *
 * @param path {@code turnout.admin.tokens[]}
 */
record Shape(String path, ConfigObject section) {
    private static final String ANY_NAME = "<name>";
    private static final Shape ROOT = new Shape("", ConfigFactory.parseString(reference()).root());

    static Shape root() {
        return ROOT;
    }

    static String reference() {
        try (InputStream resource = Shape.class.getResourceAsStream("/reference.conf")) {
            if (resource == null) {
                throw new IllegalStateException("reference.conf: missing (expected: beside the classes)");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> keys() {
        return new TreeSet<>(section.keySet());
    }

    boolean knows(String key) {
        return section.containsKey(key) || section.containsKey(ANY_NAME);
    }

    /** The section at this key, or the one that shows what elements of the list at this key hold. */
    Shape child(String key) {
        String name = section.containsKey(ANY_NAME) ? ANY_NAME : key;
        String childPath = path.isEmpty() ? name : path + "." + name;
        return value(name) instanceof ConfigList list
                ? new Shape(childPath + "[]", (ConfigObject) list.getFirst())
                : new Shape(childPath, (ConfigObject) value(name));
    }

    /** What holds when the key is left out; null and lists only show what may stand there. */
    Optional<ConfigValue> fallback(String key) {
        return Optional.of(value(key)).filter(Shown::isScalar);
    }

    /** The elements that hold when the list is left out; a null only shows what may stand there. */
    List<String> fallbackElements(String key) {
        return value(key) instanceof ConfigList list
                ? list.stream().filter(Shown::isScalar).map(Shown::plain).toList()
                : List.of();
    }

    void require(String key) {
        if (!knows(key)) {
            throw new IllegalStateException(path + "." + key + ": read, but not in reference.conf");
        }
    }

    private ConfigValue value(String key) {
        require(key);
        return Objects.requireNonNull(section.get(key));
    }
}
