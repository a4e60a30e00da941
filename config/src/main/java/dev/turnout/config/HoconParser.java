package dev.turnout.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Parses a file and what it includes, and reports what is no HOCON. */
final class HoconParser {
    private static final int MAX_INCLUDE_DEPTH = 16;
    private static final int MAX_FILES = 1000;

    private final Sources sources;
    private final Problems problems;

    HoconParser(Sources sources, Problems problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /** Empty when the file has problems of form; what its values mean is not looked at. */
    Optional<ConfigObject> parse(Path file) {
        return switch (SourceText.read(file)) {
            case SourceText.Text(String text) -> Optional.of(parse(file, text, List.of()));
            case SourceText.Unreadable(String found, int line) -> {
                sources.open(file.toString());
                problems.error(new Place(file.toString(), line), "file", found, SourceText.ALLOWED);
                yield Optional.empty();
            }
        };
    }

    private ConfigObject parse(Path file, String text, List<Path> includedBy) {
        String mark = sources.open(file.toString());
        int tooDeep = Nesting.lineTooDeep(text);
        if (tooDeep > 0) {
            problems.error(new Place(file.toString(), tooDeep), "syntax", "objects or lists nested deeper",
                    "at most " + Nesting.MAX_DEPTH + " levels");
            return ConfigFactory.empty().root();
        }
        Includer includer = new Includer(file, text, this, includedBy);
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(mark)
                .setIncluder(includer);
        try {
            return ConfigFactory.parseString(text, options).root();
        } catch (ConfigException e) {
            report(file, e);
            return ConfigFactory.empty().root();
        }
    }

    /** Parses what a file includes; an empty object when that has problems, which are reported. */
    ConfigObject include(Path included, Place from, List<Path> includedBy) {
        String found = null;
        if (includedBy.contains(included.normalize())) {
            found = "a file that includes itself: " + Shown.text(included.toString());
        } else if (includedBy.size() > MAX_INCLUDE_DEPTH || sources.count() > MAX_FILES) {
            found = "too many files";
        }
        if (found != null) {
            refuse(from, found);
            return ConfigFactory.empty().root();
        }
        return switch (SourceText.read(included)) {
            case SourceText.Text(String text) -> parse(included, text, includedBy);
            case SourceText.Unreadable(String why, int line) -> {
                refuse(from,
                        Shown.text(included.toString()) + ": " + why + (line > 0 ? " in line " + line : ""));
                yield ConfigFactory.empty().root();
            }
        };
    }

    void refuse(Place from, String found) {
        problems.error(from, "include", found, SourceText.ALLOWED + ", at most " + MAX_INCLUDE_DEPTH
                + " deep and " + MAX_FILES + " in all");
    }

    private void report(Path file, ConfigException e) {
        Place place = Optional.ofNullable(e.origin())
                .flatMap(sources::place)
                .orElse(new Place(file.toString(), 0));
        problems.error(place, "syntax", SyntaxMessage.of(e), SyntaxMessage.ALLOWED);
    }
}
