package dev.turnout.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.TreeMap;

/** Every key of {@code reference.conf} by its path there, with what stands at it: {@code turnout.admin.tokens[].name}. */
final class DocumentedKeys {
    private DocumentedKeys() {}

    static Map<String, ConfigValue> all() {
        return in(Shape.root().section());
    }

    /** The keys of any configuration; of a list, those of its first element. */
    static Map<String, ConfigValue> in(ConfigObject root) {
        Map<String, ConfigValue> keys = new TreeMap<>();
        collect("", root, keys);
        return keys;
    }

    private static void collect(String path, ConfigObject section, Map<String, ConfigValue> keys) {
        section.forEach((key, value) -> {
            String inner = path.isEmpty() ? key : path + "." + key;
            keys.put(inner, value);
            if (value instanceof ConfigObject object) {
                collect(inner, object, keys);
            } else if (value instanceof ConfigList list && !list.isEmpty()
                    && list.getFirst() instanceof ConfigObject first) {
                collect(inner + "[]", first, keys);
            }
        });
    }
}
