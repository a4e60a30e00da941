package dev.turnout.bench.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.bench.report.Comparison;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.report.ReportFiles;
import dev.turnout.bench.report.ReportJson;
import dev.turnout.bench.report.ReportTable;
import dev.turnout.bench.signal.Stop;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.EventLoops;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout bench http}: a load on an HTTP service, and what it saw. */
// @formatter:off
@CommandLine.Command(name = "http", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = {
            "Sends requests at a constant rate, whatever the target does (open loop), and measures each answer from when"
                    + " its request was due. Ctrl-C ends it early and shows what was measured so far.",
            "Fails when nothing was answered. docs/bench.md explains the figures."},
        footer = {"", "Examples:",
            "  turnout bench http --url http://127.0.0.1:8080/ --rate 5000 --connections 64 --duration 30s",
            "  turnout bench http --url http://127.0.0.1:8080/ --rate max --warmup 5s --out report.json"})
// @formatter:on
public final class BenchHttpCommand implements Command {
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Spec
    private CommandSpec spec;
    // @formatter:off
    @Option(names = "--url", required = true, paramLabel = "URL", description = "What to ask for: http://host:port/path")
    private String url;
    @Option(names = "--rate", required = true, paramLabel = "N", converter = Rate.Converter.class,
            description = "Requests per second, or max: as many as are answered (closed loop).")
    private Rate rate;
    @Option(names = "--connections", paramLabel = "N", defaultValue = "64",
            description = "How many, each with one request at a time. Default: ${DEFAULT-VALUE}")
    private int connections;
    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "30s", converter = TimeConverter.class,
            description = "How long to measure. Default: ${DEFAULT-VALUE}")
    private Duration duration;
    @Option(names = "--warmup", paramLabel = "TIME", defaultValue = "0s", converter = TimeConverter.class,
            description = "Load before that, at the same rate, not counted. Default: ${DEFAULT-VALUE}")
    private Duration warmup;
    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", converter = TimeConverter.class,
            description = "How long an answer may take. Default: ${DEFAULT-VALUE}")
    private Duration timeout;
    @Option(names = "--method", paramLabel = "NAME", defaultValue = "GET", description = "Default: ${DEFAULT-VALUE}")
    private String method;
    @Option(names = "--header", paramLabel = "K:V", description = "A header field; may be repeated.")
    private List<String> headers = List.of();
    @Option(names = "--body-size", paramLabel = "BYTES", defaultValue = "0", description = "Default: no body.")
    private int bodySize;
    @Option(names = "--out", paramLabel = "FILE", description = "Writes the report as JSON, and the page beside it.")
    private @Nullable Path out;
    @Option(names = "--html", paramLabel = "FILE", description = "Writes the report as a page with plots.")
    private @Nullable Path html;
    @Option(names = "--compare", paramLabel = "FILE", description = "An earlier report (JSON) to compare with.")
    private @Nullable Path compare;
    // @formatter:on

    @Override
    public Integer call() throws InterruptedException {
        LoadPlan plan = checked(
                () -> new LoadPlan(HttpCall.of(url, method, headers, bodySize), rate, connections,
                        warmup, duration, timeout));
        ReportFiles files = checked(() -> ReportFiles.of(out, html));
        Optional<JsonNode> earlier = Optional.ofNullable(compare).map(file -> checked(() -> read(file)));
        try (Stop stop = Stop.onSignal()) {
            PrintWriter to = spec.commandLine().getOut();
            to.println(HttpReport.heading(plan));
            to.flush();
            Report report = HttpReport.of(plan, measure(plan, stop));
            to.println();
            to.println(ReportTable.of(report));
            earlier.ifPresent(before -> {
                to.println();
                to.println(Comparison.of(report, before));
            });
            to.flush();
            files.write(report);
            return report.answers().values().stream().allMatch(count -> count == 0)
                    ? ExitCode.FAILED
                    : ExitCode.DONE;
        } catch (IOException e) {
            throw new OperatorException(ExitCode.FAILED, "the report could not be written: " + e);
        }
    }

    private <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
    }

    private static JsonNode read(Path file) {
        try {
            return ReportJson.parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof IOException ? "(expected: a file that can be read)" : e.getMessage();
            throw new IllegalArgumentException("compare: " + file + " " + why);
        }
    }

    private static Run.Result measure(LoadPlan plan, Stop stop) throws InterruptedException {
        String where = plan.call().url().getRawAuthority();
        InetSocketAddress target = new InetSocketAddress(plan.call().host(), plan.call().port());
        if (target.isUnresolved()) {
            throw new OperatorException(ExitCode.FAILED, "cannot find the host of " + where);
        }
        EventLoops loops = EventLoops.start(Transport.AUTO, 1, "turnout-bench");
        try {
            var cpu = ManagementFactory.getThreadMXBean();
            HttpLoad load = new HttpLoad(plan, target, loops,
                    new Run.Clocks(System::nanoTime, Clock.systemUTC(), cpu::getCurrentThreadCpuTime));
            CompletableFuture<Run.Result> result = load.start();
            boolean stopped = false;
            while (!stopped && !result.isDone()) {
                stopped = stop.within(CHECK_NANOS);
            }
            load.stop(); // whatever has ended by itself is not changed by that
            return result.get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case ConnectException down ->
                    new OperatorException(ExitCode.FAILED,
                            "cannot connect to " + where + ": " + reason(down));
                case CancellationException _ ->
                    new OperatorException(ExitCode.FAILED, "stopped before anything was measured");
                case null, default -> new IllegalStateException(e);
            };
        } finally {
            loops.stop().awaitUninterruptibly();
        }
    }

    /** What a person wants to know of it: Netty puts the system call in front and the address behind. */
    private static String reason(ConnectException down) {
        return String.valueOf(down.getMessage())
                .replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "")
                .replaceFirst(": [^: ]*/[0-9a-f.:%\\[\\]]+$", "");
    }
}
