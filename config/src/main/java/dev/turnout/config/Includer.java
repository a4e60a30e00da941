package dev.turnout.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What one file includes: files only, named in full, and each must be there. The parser's own includer passes over a
 * missing file in silence and reads URLs.
 */
final class Includer
        implements
            ConfigIncluder,
            ConfigIncluderFile,
            ConfigIncluderURL,
            ConfigIncluderClasspath {
    private final Path file;
    private final List<String> lines;
    private final HoconParser parser;
    /** The files that led here, this one last. */
    private final List<Path> chain;
    private final Map<String, Integer> seen = new HashMap<>();

    Includer(Path file, String text, HoconParser parser, List<Path> includedBy) {
        this.file = file;
        this.lines = text.lines().toList();
        this.parser = parser;
        this.chain = new ArrayList<>(includedBy);
        chain.add(file.normalize());
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        Place from = place(what);
        try {
            return parser.include(file.resolveSibling(what), from, List.copyOf(chain));
        } catch (InvalidPathException e) {
            parser.refuse(from, Shown.text(what) + ": not a path");
            return ConfigFactory.empty().root();
        }
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return include(context, what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        return refuse(what.toString(), "a URL");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return refuse(what, "the class path");
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    private ConfigObject refuse(String what, String origin) {
        parser.refuse(place(what), Shown.text(what) + " from " + origin);
        return ConfigFactory.empty().root();
    }

    /** The parser does not say where it met an include, so the statement is looked for: its n-th mention. */
    private Place place(String what) {
        int mentions = seen.merge(what, 1, Integer::sum);
        return new Place(file.toString(), IntStream.range(0, lines.size())
                .filter(i -> isInclude(lines.get(i)) && lines.get(i).contains("\"" + what + "\""))
                .skip(mentions - 1L)
                .findFirst()
                .orElse(-1) + 1);
    }

    private static boolean isInclude(String line) {
        return line.contains("include") && !line.stripLeading().startsWith("#")
                && !line.stripLeading().startsWith("//");
    }
}
