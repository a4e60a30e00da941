package dev.turnout.bench.http;

import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.bench.load.LoadOptions;
import dev.turnout.bench.load.Options;
import dev.turnout.bench.load.ReportOptions;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.signal.Stop;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.EventLoops;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
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
    @Option(names = "--connections", paramLabel = "N", defaultValue = "64",
            description = "How many, each with one request at a time. Default: ${DEFAULT-VALUE}")
    private int connections;
    @Option(names = "--method", paramLabel = "NAME", defaultValue = "GET", description = "Default: ${DEFAULT-VALUE}")
    private String method;
    @Option(names = "--header", paramLabel = "K:V", description = "A header field; may be repeated.")
    private List<String> headers = List.of();
    @Option(names = "--body-size", paramLabel = "BYTES", defaultValue = "0", description = "Default: no body.")
    private int bodySize;
    @Mixin
    private LoadOptions load;
    @Mixin
    private ReportOptions to;
    // @formatter:on

    @Override
    public Integer call() throws InterruptedException {
        LoadPlan plan = Options.checked(spec,
                () -> new LoadPlan(HttpCall.of(url, method, headers, bodySize), load.pace(), connections));
        ReportOptions.Output output = Options.checked(spec, to::output);
        try (Stop stop = Stop.onSignal()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(HttpReport.heading(plan));
            out.flush();
            Report report = HttpReport.of(plan, measure(plan, stop));
            output.publish(report, out);
            return report.answers().values().stream().allMatch(count -> count == 0)
                    ? ExitCode.FAILED
                    : ExitCode.DONE;
        } catch (IOException e) {
            throw new OperatorException(ExitCode.FAILED, "the report could not be written: " + e);
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
            HttpLoad started = new HttpLoad(plan, target, loops,
                    new Run.Clocks(System::nanoTime, Clock.systemUTC(), cpu::getCurrentThreadCpuTime));
            CompletableFuture<Run.Result> result = started.start();
            boolean stopped = false;
            while (!stopped && !result.isDone()) {
                stopped = stop.within(CHECK_NANOS);
            }
            started.stop(); // whatever has ended by itself is not changed by that
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
