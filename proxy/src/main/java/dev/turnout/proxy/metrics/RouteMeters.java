package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The meters of one route, of all event loops. Any thread. */
public final class RouteMeters {
    /** The meters of one loop. */
    private record OfLoop(ListenerMeters listener, RequestMeters blue, RequestMeters green) {
        RequestMeters of(Target target) {
            return switch (target) {
                case BLUE -> blue;
                case GREEN -> green;
            };
        }
    }

    private final List<OfLoop> loops;
    private final TrafficHistory history;

    /**
     * @param loops how many
     * @param nowNanos from any origin, as at every later call
     */
    public RouteMeters(int loops, long nowNanos) {
        history = new TrafficHistory(nowNanos);
        this.loops = Stream
                .generate(() -> new OfLoop(new ListenerMeters(), new RequestMeters(), new RequestMeters()))
                .limit(loops)
                .toList();
    }

    /** For the loop with this number to write to. */
    public ListenerMeters listener(int loop) {
        return loops.get(loop).listener;
    }

    /** For the loop with this number to write to. */
    public RequestMeters requests(int loop, Target target) {
        return loops.get(loop).of(target);
    }

    public long inFlight(Target target) {
        return sum(loop -> loop.of(target).inFlight());
    }

    public long count(Target target, Outcome outcome) {
        return sum(loop -> loop.of(target).count(outcome));
    }

    /** Requests that ended, in whatever way. */
    public long requests(Target target) {
        return Outcome.values().stream().mapToLong(outcome -> count(target, outcome)).sum();
    }

    /** Requests that the side failed to answer. */
    public long failures(Target target) {
        return Outcome.values().stream().filter(Outcome::failure).mapToLong(outcome -> count(target, outcome))
                .sum();
    }

    /** Keeps apart what happened since the last call, for {@link #recent}. To be called every ten seconds. */
    public void tick(long nowNanos) {
        history.tick(nowNanos, requests(Target.BLUE) + requests(Target.GREEN), this::tally);
    }

    /**
     * What each side did until this moment, both over the same time: {@code window}, of which ten minutes are known,
     * rounded up to half a minute at most, or since the route is there if that is shorter.
     */
    public Map<Target, Recent> recent(Duration window, long nowNanos) {
        return history.recent(window, nowNanos, this::tally);
    }

    /** Since the start. */
    private Tally tally(Target target) {
        Tally tally = new Tally();
        for (Outcome outcome : Outcome.values()) {
            tally.count(count(target, outcome), outcome.error());
        }
        durations(target, tally.durations());
        return tally;
    }

    public long tunnels(Target target) {
        return sum(loop -> loop.of(target).tunnels());
    }

    /** @param rung its place in {@link RequestMeters#RUNGS} */
    long decisions(Target target, int rung) {
        return sum(loop -> loop.of(target).decisions(rung));
    }

    long retries(Target target) {
        return sum(loop -> loop.of(target).retries());
    }

    long spills(Target target) {
        return sum(loop -> loop.of(target).spills());
    }

    public long connections() {
        return sum(loop -> loop.listener.connections());
    }

    long droppedFields() {
        return sum(loop -> loop.listener.droppedFields());
    }

    long connectionsOpened() {
        return sum(loop -> loop.listener.connectionsOpened());
    }

    long cohortCookies() {
        return sum(loop -> loop.listener.cohortCookies());
    }

    long refusals(Kind kind) {
        return sum(loop -> loop.listener.refusals(kind));
    }

    /** Fills {@code buckets} and answers the sum of the durations in nanoseconds. */
    long durations(Target target, long[] buckets) {
        Arrays.fill(buckets, 0);
        return sum(loop -> loop.of(target).durations().addTo(buckets));
    }

    private long sum(ToLongFunction<OfLoop> part) {
        return loops.stream().mapToLong(part).sum();
    }
}
