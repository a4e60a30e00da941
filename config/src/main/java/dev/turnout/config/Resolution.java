package dev.turnout.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import java.util.Optional;

/** Puts values for substitutions: from the file itself, then from the environment that is passed in. */
final class Resolution {
    /** Neither the process's environment nor its system properties; what has no value stays a substitution. */
    private static final ConfigResolveOptions OPTIONS = ConfigResolveOptions.noSystem()
            .setAllowUnresolved(true);

    private Resolution() {}

    /** Empty when substitutions go in a circle, which is reported. */
    static Optional<ConfigObject> resolve(
            String file,
            ConfigObject written,
            Map<String, String> environment,
            Sources sources,
            Problems problems) {
        Config variables = ConfigValueFactory.fromMap(environment, Sources.ENVIRONMENT).toConfig();
        try {
            // Variables are beneath the file only while substitutions look for them: no variable may set a key.
            ConfigObject resolved = written.toConfig().withFallback(variables).resolve(OPTIONS).root();
            return Optional.of(resolved.keySet().stream()
                    .filter(key -> !written.containsKey(key))
                    .reduce(resolved, ConfigObject::withoutKey, (one, other) -> one));
        } catch (ConfigException e) {
            Place place = Optional.ofNullable(e.origin()).flatMap(sources::place).orElse(new Place(file, 0));
            problems.error(place, "substitution", SyntaxMessage.of(e),
                    "substitutions that end in a value");
            return Optional.empty();
        }
    }
}
