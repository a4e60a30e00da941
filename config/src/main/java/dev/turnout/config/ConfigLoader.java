package dev.turnout.config;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a configuration file: all of it, or everything that is wrong with it. */
public final class ConfigLoader {
    private final Path file;
    private final Sources sources = new Sources();
    private final Problems problems = new Problems(sources);

    private ConfigLoader(Path file) {
        this.file = file;
    }

    /**
     * Reads and checks the file and what it includes.
     *
     * @param environment the variables that {@code ${X}} may name; nothing else is asked for them
     */
    public static ConfigResult load(Path file, Map<String, String> environment) {
        return new ConfigLoader(file).load(environment);
    }

    private ConfigResult load(Map<String, String> environment) {
        Optional<TurnoutConfig> config = Optional.empty();
        try {
            config = parse(environment).flatMap(this::read);
        } catch (StackOverflowError e) {
            // Levels of nesting are counted, but keys and substitutions can be chained without any.
            problems.error(new Place(file.toString(), 0), "syntax", "keys or substitutions chained too long",
                    "chains that fit the stack");
        }
        return config.isPresent() && problems.none()
                ? new ConfigResult.Valid(config.get(), problems.warnings())
                : new ConfigResult.Invalid(problems.errors());
    }

    private Optional<Document> parse(Map<String, String> environment) {
        Optional<ConfigObject> written = new HoconParser(sources, problems).parse(file);
        if (written.isEmpty() || !problems.none()) {
            return Optional.empty(); // what a broken file lacks is no news
        }
        return Resolution.resolve(file.toString(), written.get(), environment, sources, problems)
                .map(resolved -> new Document(file.toString(), written.get(), resolved));
    }

    private Optional<TurnoutConfig> read(Document document) {
        Spot root = Spot.root(sources, document);
        Leftovers.report(root, problems);
        Supplier<TurnoutConfig> config = new TurnoutReader(file, problems).read(Section.root(problems, root));
        return problems.none() ? Optional.of(config.get()) : Optional.empty();
    }
}
