package dev.turnout.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that one configuration was read from, in the order in which they were opened.
 *
 * <p>The parser knows a file only by a mark such as {@code @0}: where it merges values of two files it keeps no more
 * than a text with both descriptions, and a file name in there could not be told from the rest of that text.
 */
final class Sources {
    /** How the parser describes a value from the environment, which has no place. */
    static final String ENVIRONMENT = "environment";

    private static final Pattern MARK = Pattern.compile("@(\\d+)(?:: (\\d+))?");

    private final List<String> files = new ArrayList<>();

    /** Adds a file and returns the mark to describe it by. */
    String open(String file) {
        files.add(file);
        return "@" + (files.size() - 1);
    }

    int count() {
        return files.size();
    }

    /** The place of a value; empty for one from the environment. The first place of a merged one. */
    Optional<Place> place(ConfigOrigin origin) {
        Matcher mark = MARK.matcher(origin.description());
        if (!mark.find()) {
            return Optional.empty();
        }
        String line = mark.group(2);
        return Optional.of(new Place(files.get(Integer.parseInt(mark.group(1))),
                line == null ? 0 : Integer.parseInt(line)));
    }

    static boolean fromEnvironment(ConfigOrigin origin) {
        return origin.description().contains(ENVIRONMENT);
    }

    /** The order of two files: as they were opened. */
    int compare(String one, String other) {
        return Integer.compare(files.indexOf(one), files.indexOf(other));
    }
}
