package dev.turnout.bench.http;

import dev.turnout.bench.load.Schedule;
import dev.turnout.bench.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One load in the course of time, told by ticks. Event loop only.
 *
 * <pre>
 * warm-up -> measurement -> for one time-out what still waits may be sent -> what is under way has its own -> over
 *    stop: the measurement ends, and what has no answer a second later is given up
 * </pre>
 */
final class Run {
    /** Requests of higher rates are sent together, this far apart at most. */
    private static final long SHORTEST_TICK = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(20);
    /** Those of the load: one event loop. */
    private static final int THREADS = 1;
    private static final long STOP_GRACE = TimeUnit.SECONDS.toNanos(1);

    /** What a load came to. */
    record Result(
            Measurement measurement,
            Instant startedAt,
            boolean interrupted,
            Report.Bytes bytes,
            Report.Connections connections,
            Report.Generator generator) {}

    /** The clocks: nanoseconds from any origin, the time of day, and the CPU time of the calling thread. */
    record Clocks(LongSupplier ticker, InstantSource wall, LongSupplier cpu) {}

    private final Clocks clocks;
    private final Connections connections;
    private final Demand demand;
    private final Measurement measurement;
    private final long timeoutNanos;
    private final long fromNanos;
    private final Instant startedAt;

    private long toNanos;
    private boolean measuring;
    private boolean measured;
    private boolean stopped;
    private long cpuNanos;
    private Report.Bytes bytes = new Report.Bytes(0, 0);
    private long lastSweepNanos;

    /** Begins now. */
    Run(LoadPlan plan, Connections connections, Clocks clocks) {
        this.clocks = clocks;
        this.connections = connections;
        long now = clocks.ticker().getAsLong();
        Duration length = plan.pace().length();
        timeoutNanos = plan.pace().timeout().toNanos();
        fromNanos = now + plan.pace().warmup().toNanos();
        toNanos = now + length.toNanos();
        startedAt = clocks.wall().instant().plus(plan.pace().warmup());
        lastSweepNanos = now;
        Integer perSecond = plan.pace().rate().perSecond();
        demand = perSecond == null
                ? new ClosedLoop(toNanos)
                : new Backlog(Schedule.of(now, perSecond, length.toNanos()), fromNanos);
        measurement = new Measurement(fromNanos, toNanos, plan.pace().rate().closedLoop());
        connections.begin(demand, measurement);
    }

    /** Does what is due; returns after how many nanoseconds it wants the next one, or 0: it is over. */
    long tick() {
        long now = clocks.ticker().getAsLong();
        observe(now);
        demand.advance(now);
        connections.send();
        if (now - lastSweepNanos >= LONGEST_TICK) {
            lastSweepNanos = now;
            connections.giveUpAfter(timeoutNanos, now);
        }
        if (now - toNanos >= (stopped ? STOP_GRACE : timeoutNanos)) {
            leaveOff(now);
        }
        if (measured && demand.isOver() && connections.areIdle()) {
            return 0;
        }
        return Math.clamp(demand.nextNanos(now) - now, SHORTEST_TICK, LONGEST_TICK);
    }

    /** What the measurement alone has cost, without warm-up and end. */
    private void observe(long nowNanos) {
        if (!measuring && nowNanos - fromNanos >= 0) {
            measuring = true;
            cpuNanos = -clocks.cpu().getAsLong();
            connections.countBytesAnew();
        }
        if (!measured && nowNanos - toNanos >= 0) {
            measured = true;
            cpuNanos += clocks.cpu().getAsLong();
            bytes = connections.bytes();
        }
    }

    private void leaveOff(long nowNanos) {
        while (demand.isDue()) {
            measurement.neverSent(demand.take(nowNanos), nowNanos);
        }
        if (stopped) {
            connections.end();
        }
    }

    /** Ends the measurement early; false: it had not begun, and there is nothing to tell. */
    boolean stop() {
        long now = clocks.ticker().getAsLong();
        if (now - fromNanos <= 0) {
            return false;
        }
        if (now - toNanos < 0) {
            stopped = true;
            toNanos = now;
            demand.endAt(now);
            measurement.endAt(now);
        }
        return true;
    }

    /** To be asked for once it is over. */
    Result result() {
        long requests = measurement.requests();
        double cpuPercent = 100 * cpuNanos / (measurement.durationSeconds() * TimeUnit.SECONDS.toNanos(1));
        Report.Generator generator = demand instanceof Backlog backlog
                ? Report.Generator.of(requests, backlog.maxLagNanos(), backlog.late(), cpuPercent, THREADS)
                : Report.Generator.of(requests, 0, 0, cpuPercent, THREADS);
        return new Result(measurement, startedAt, stopped, bytes, connections.count(), generator);
    }
}
