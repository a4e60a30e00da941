package dev.turnout.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Substitutions that found no value. */
final class Leftovers {
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??[^}\"]*}");

    private Leftovers() {}

    /** Reports each one in the tree. */
    static void report(Spot spot, Problems problems) {
        if (spot.isUnresolved()) {
            problems.error(spot, substitution(spot.value()).orElse("a substitution") + ", which has no value",
                    "a key of this file or a variable of the environment; ${?X} where it may be missing");
            return;
        }
        spot.elements().ifPresent(elements -> elements.forEach(element -> report(element, problems)));
        spot.object().ifPresent(object -> new TreeSet<>(object.keySet())
                .forEach(key -> report(spot.member(key), problems)));
    }

    /** The substitutions in a value before substitution, and nothing else of it: {@code ${?X}}. */
    static Optional<String> substitution(@Nullable ConfigValue written) {
        if (written == null) {
            return Optional.empty();
        }
        Matcher found = SUBSTITUTION.matcher(written.render(ConfigRenderOptions.concise()));
        return Optional
                .of(found.results().map(MatchResult::group).distinct().collect(Collectors.joining(" and ")))
                .filter(text -> !text.isEmpty());
    }

    static boolean isUnresolved(ConfigValue value) {
        try {
            // Asking a merge that waits for a substitution for its type works, for its members it does not.
            return value.valueType() == ConfigValueType.OBJECT && ((ConfigObject) value).size() < 0;
        } catch (ConfigException.NotResolved e) {
            return true;
        }
    }
}
