package dev.turnout.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.bench.report.Comparison;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.ReportFiles;
import dev.turnout.bench.report.ReportJson;
import dev.turnout.bench.report.ReportTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every load that say where its report goes; to be mixed into a command. */
public final class ReportOptions {
    // @formatter:off
    @Option(names = "--out", paramLabel = "FILE", description = "Writes the report as JSON, and the page beside it.")
    private @Nullable Path out;
    @Option(names = "--html", paramLabel = "FILE", description = "Writes the report as a page with plots.")
    private @Nullable Path html;
    @Option(names = "--compare", paramLabel = "FILE", description = "An earlier report (JSON) to compare with.")
    private @Nullable Path compare;
    // @formatter:on

    /** Where a report goes, found good before the load begins. */
    public static final class Output {
        private final ReportFiles files;
        private final @Nullable JsonNode earlier;

        private Output(ReportFiles files, @Nullable JsonNode earlier) {
            this.files = files;
            this.earlier = earlier;
        }

        /** Prints the table, and writes the files. */
        public void publish(Report report, PrintWriter to) throws IOException {
            to.println();
            to.println(ReportTable.of(report));
            if (earlier != null) {
                to.println();
                to.println(Comparison.of(report, earlier));
            }
            to.flush();
            files.write(report);
        }
    }

    /** An IllegalArgumentException names the option that makes no sense. */
    public Output output() {
        return new Output(ReportFiles.of(out, html), compare == null ? null : read(compare));
    }

    private static JsonNode read(Path file) {
        try {
            return ReportJson.parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof IOException ? "(expected: a file that can be read)" : e.getMessage();
            throw new IllegalArgumentException("compare: " + file + " " + why);
        }
    }
}
