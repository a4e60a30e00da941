package dev.turnout.bench.pg;

import com.sun.management.OperatingSystemMXBean;
import dev.turnout.admin.cli.Command;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.admin.cli.VersionCommand;
import dev.turnout.bench.load.LoadOptions;
import dev.turnout.bench.load.Options;
import dev.turnout.bench.load.ReportOptions;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.signal.Stop;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code turnout bench pg}: a load on a PostgreSQL server, and what it saw. */
// @formatter:off
@CommandLine.Command(name = "pg", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class,
        description = {
            "Runs transactions at a constant rate, whatever the server does (open loop), and measures each from when it"
                    + " was due. Ctrl-C ends it early and shows what was measured so far.",
            "Fails when no transaction succeeded, and when the ledger is not intact. docs/bench.md explains the figures."},
        footer = {"", "Examples:",
            "  turnout bench pg --url postgresql://me@127.0.0.1:5432/test --workload tpcb --scale 10 --init --rate 500",
            "  turnout bench pg --url postgresql://me:secret@127.0.0.1:6432/test --workload ledger --rate 200 --out report.json"})
// @formatter:on
public final class BenchPgCommand implements Command {
    private static final String NO_SUCH_TABLE = "42P01";
    /** Tables of a great scale take their time to fill. */
    private static final Duration PREPARING = Duration.ofMinutes(30);

    @Spec
    private CommandSpec spec;
    // @formatter:off
    @Option(names = "--url", required = true, paramLabel = "URL",
            description = "Where to connect: postgresql://user[:password]@host:port/database, also with ?sslmode=...")
    private String url;
    @Option(names = "--clients", paramLabel = "N", defaultValue = "16",
            description = "How many, each with one connection and one transaction at a time. Default: ${DEFAULT-VALUE}")
    private int clients;
    @Option(names = "--workload", paramLabel = "NAME", defaultValue = "select", converter = Workload.Converter.class,
            description = "select: one row by its key. tpcb: the transaction of pgbench. ledger: writes, each looked for at"
                    + " the end. Default: ${DEFAULT-VALUE}")
    private Workload workload;
    @Option(names = "--protocol", paramLabel = "NAME", defaultValue = "extended", converter = QueryMode.Converter.class,
            description = "How statements travel: simple, extended or prepared. Default: ${DEFAULT-VALUE}")
    private QueryMode mode;
    @Option(names = "--init", description = "Makes the tables of the workload first; those that are there are dropped.")
    private boolean init;
    @Option(names = "--scale", paramLabel = "N", defaultValue = "1",
            description = "How many times 100 000 accounts --init makes. Default: ${DEFAULT-VALUE}")
    private int scale;
    @Mixin
    private LoadOptions load;
    @Mixin
    private ReportOptions to;
    // @formatter:on

    @Override
    public Integer call() throws InterruptedException {
        PgPlan plan = Options.checked(spec,
                () -> new PgPlan(PgTarget.of(url), load.pace(), clients, workload, mode, scale, init));
        ReportOptions.Output output = Options.checked(spec, to::output);
        try (Stop stop = Stop.onSignal()) {
            int found = prepare(plan);
            PrintWriter out = spec.commandLine().getOut();
            out.println(PgReport.heading(plan));
            out.flush();
            Report report = measured(plan, found, stop);
            output.publish(report, out);
            boolean broken = report.ledger() != null && !report.ledger().intact();
            boolean nothing = report.answers().values().stream().allMatch(count -> count == 0);
            return broken || nothing ? ExitCode.FAILED : ExitCode.DONE;
        } catch (IOException e) {
            throw new OperatorException(ExitCode.FAILED, "the report could not be written: " + e);
        }
    }

    /** Makes the tables if that is wanted; returns their scale. */
    private static int prepare(PgPlan plan) {
        try (Connection connection = connected(plan)) {
            if (plan.init()) {
                Tables.create(connection, plan.workload(), plan.scale());
            }
            int scale = Tables.scale(connection, plan.workload());
            if (scale > 0) {
                return scale;
            }
        } catch (SQLException e) {
            if (!NO_SUCH_TABLE.equals(e.getSQLState())) {
                throw new OperatorException(ExitCode.FAILED,
                        "cannot prepare " + plan.target() + ": " + reason(e));
            }
        }
        throw new OperatorException(ExitCode.FAILED,
                "no tables for this workload in " + plan.target() + "; --init makes them");
    }

    private static Connection connected(PgPlan plan) {
        try {
            Duration patience = plan.init() ? PREPARING : plan.pace().timeout();
            return new Connector(plan.target(), QueryMode.SIMPLE, plan.pace().timeout()).open(patience);
        } catch (SQLException e) {
            throw new OperatorException(ExitCode.FAILED, e.getCause() instanceof UnknownHostException
                    ? "cannot find the host of " + plan.target().authority()
                    : "cannot connect to " + plan.target().authority() + ": " + reason(e));
        }
    }

    /** What a person wants to know of it, in one line; the driver's advice is about something else. */
    private static String reason(SQLException e) {
        @Nullable
        Throwable told = e.getCause() instanceof IOException io && io.getMessage() != null ? io : e;
        String state = e.getSQLState() == null ? "" : " (SQLSTATE " + e.getSQLState() + ")";
        return String.valueOf(told.getMessage()).lines().findFirst().orElse("") + state;
    }

    private static Report measured(PgPlan plan, int scale, Stop stop) throws InterruptedException {
        var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Connector connector = new Connector(plan.target(), plan.mode(), plan.pace().timeout());
        PgLoad started = new PgLoad(plan, connector,
                new PgLoad.Clocks(System::nanoTime, Clock.systemUTC(), process::getProcessCpuTime));
        if (plan.workload() != Workload.LEDGER) {
            return PgReport.of(plan, scale, started.run(scripts(plan.workload(), scale), stop), null);
        }
        PgLedger ledger = new PgLedger(ChronoUnit.NANOS.between(Instant.EPOCH, Clock.systemUTC().instant()),
                plan.clients());
        PgLoad.Result result = started.run(ledger::script, stop);
        try {
            return PgReport.of(plan, scale, result, ledger.judge(
                    new Connector(plan.target(), QueryMode.EXTENDED, plan.pace().timeout())));
        } catch (SQLException e) {
            throw new OperatorException(ExitCode.FAILED, "the ledger could not be read: " + reason(e));
        }
    }

    /** Each client draws numbers of its own, the same ones in every run. */
    private static IntFunction<Script> scripts(Workload workload, int scale) {
        return client -> workload == Workload.SELECT
                ? new SelectScript(scale * Tables.ACCOUNTS_PER_BRANCH, new SplittableRandom(client))
                : new TpcbScript(scale, new SplittableRandom(client));
    }
}
