package dev.turnout.bench.pg;

import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.OperatorException;
import dev.turnout.bench.load.Schedule;
import dev.turnout.bench.load.Timings;
import dev.turnout.bench.report.Report;
import dev.turnout.bench.signal.Stop;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * One load from the first connect to the last answer: clients on virtual threads, and the caller's thread, which
 * watches the time. Used once.
 *
 * <pre>
 * all connect -> warm-up -> measurement -> for one time-out what still waits may begin -> for another, what is under way
 *    stop: the measurement ends, and what has no answer a second later is given up
 * </pre>
 */
final class PgLoad {
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long STOP_GRACE = TimeUnit.SECONDS.toNanos(1);

    /** The clocks: nanoseconds from any origin, the time of day, and the CPU time of the process. */
    record Clocks(LongSupplier ticker, InstantSource wall, LongSupplier cpu) {}

    /** What a load came to. */
    record Result(
            PgMeasurement measurement,
            Instant startedAt,
            boolean interrupted,
            Report.Connections connections,
            Report.Generator generator) {}

    private record Course(Turns turns, PgMeasurement measurement) {}

    private final PgPlan plan;
    private final Connector connector;
    private final Clocks clocks;
    private final CompletableFuture<Course> begun = new CompletableFuture<>();
    private final CountDownLatch connected;
    private final List<Future<?>> clients = new ArrayList<>();

    PgLoad(PgPlan plan, Connector connector, Clocks clocks) {
        this.plan = plan;
        this.connector = connector;
        this.clocks = clocks;
        this.connected = new CountDownLatch(plan.clients());
    }

    /** @param scripts by the number of the client, from 0 */
    Result run(IntFunction<Script> scripts, Stop stop) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int client = 0; client < plan.clients(); client++) {
                    Script script = scripts.apply(client);
                    clients.add(threads.submit(() -> client(script)));
                }
                threads.shutdown();
                while (!connected.await(CHECK_NANOS, TimeUnit.NANOSECONDS)) {
                    endWhenStopped(stop.within(0));
                }
                return watch(threads, stop);
            } finally {
                threads.shutdownNow(); // whoever has ended by itself is not changed by that
            }
        }
    }

    private Void client(Script script) throws Exception {
        PgClient client = new PgClient(connector, script, clocks.ticker(),
                plan.pace().rate().closedLoop());
        try {
            client.open();
            connected.countDown();
            Course course = begun.get();
            client.work(course.turns(), course.measurement());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // given up
        } finally {
            connected.countDown();
            client.close();
        }
        return null;
    }

    private static void endWhenStopped(boolean stopped) {
        if (stopped) {
            throw new OperatorException(ExitCode.FAILED, "stopped before anything was measured");
        }
    }

    /** Begins now. */
    private Result watch(ExecutorService threads, Stop stop) throws InterruptedException {
        long start = clocks.ticker().getAsLong();
        long from = start + plan.pace().warmup().toNanos();
        long to = start + plan.pace().length().toNanos();
        long timeout = plan.pace().timeout().toNanos();
        Instant startedAt = clocks.wall().instant().plus(plan.pace().warmup());
        Integer perSecond = plan.pace().rate().perSecond();
        PgMeasurement measurement = new PgMeasurement(new Timings(from, to, perSecond == null));
        Turns turns = new Turns(clocks.ticker(),
                perSecond == null ? null : Schedule.of(start, perSecond, to - start), from, to);
        begun.complete(new Course(turns, measurement));
        boolean stopped = stop.within(from - start);
        endWhenStopped(stopped);
        long cpu = -clocks.cpu().getAsLong();
        stopped = stop.within(to - clocks.ticker().getAsLong());
        if (stopped) {
            to = clocks.ticker().getAsLong();
            turns.endAt(to);
            measurement.endAt(to);
        }
        cpu += clocks.cpu().getAsLong();
        letEnd(threads, stop, new Rest(turns, measurement, stopped ? STOP_GRACE : timeout), stopped);
        failOnMistake();
        double cpuPercent = 100.0 * cpu / (to - from);
        Report.Generator generator = Report.Generator.of(measurement.transactions(), turns.maxLagNanos(),
                turns.late(), cpuPercent, Runtime.getRuntime().availableProcessors());
        return new Result(measurement, startedAt, stopped, connector.count(), generator);
    }

    private record Rest(Turns turns, PgMeasurement measurement, long graceNanos) {}

    private void letEnd(ExecutorService threads, Stop stop, Rest rest, boolean stopped)
            throws InterruptedException {
        boolean over = ended(threads, stop, rest, stopped);
        long now = clocks.ticker().getAsLong();
        rest.turns().close(due -> rest.measurement().unfinished(due, now));
        if (!over && !stopped) {
            over = ended(threads, stop, rest, false);
        }
        threads.shutdownNow();
        while (!over) {
            over = threads.awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    /** Waits as long as the rest has, or until it is stopped; returns whether all clients have ended. */
    private boolean ended(ExecutorService threads, Stop stop, Rest rest, boolean stopped)
            throws InterruptedException {
        long deadline = clocks.ticker().getAsLong() + rest.graceNanos();
        boolean over = threads.isTerminated();
        while (!over && clocks.ticker().getAsLong() - deadline < 0 && (stopped || !stop.within(0))) {
            over = threads.awaitTermination(CHECK_NANOS, TimeUnit.NANOSECONDS);
        }
        return over;
    }

    /** Whatever a client does not catch is a mistake in this program. */
    private void failOnMistake() {
        for (Future<?> client : clients) {
            if (client.state() == Future.State.FAILED) {
                throw new IllegalStateException(client.exceptionNow());
            }
        }
    }
}
