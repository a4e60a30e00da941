package dev.turnout.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a report goes. By default the page stands beside the JSON.
 *
 * @param json absent: none is written
 * @param page absent: none is written
 */
public record ReportFiles(@Nullable Path json, @Nullable Path page) {
    private static final String JSON_SUFFIX = ".json";

    /** As the options say; a place where no file can be is an IllegalArgumentException that names the option. */
    public static ReportFiles of(@Nullable Path out, @Nullable Path html) {
        check("out", out);
        check("html", html);
        if (html != null && html.equals(out)) {
            throw new IllegalArgumentException("html: " + html + " (expected: another file than --out)");
        }
        return new ReportFiles(out, html == null && out != null ? beside(out) : html);
    }

    private static Path beside(Path json) {
        String name = json.toAbsolutePath().getFileName().toString();
        String stem = name.endsWith(JSON_SUFFIX)
                ? name.substring(0, name.length() - JSON_SUFFIX.length())
                : name;
        return json.resolveSibling(stem + ".html");
    }

    private static void check(String option, @Nullable Path file) {
        if (file != null) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
                throw new IllegalArgumentException(
                        option + ": " + file + " (expected: a file in a folder that exists)");
            }
        }
    }

    /** Writes what is asked for, over what was there. */
    public void write(Report report) throws IOException {
        if (json != null) {
            Files.writeString(json, ReportJson.text(report));
        }
        if (page != null) {
            Files.writeString(page, ReportPage.of(report));
        }
    }
}
