package dev.turnout.proxy.metrics;

import dev.turnout.config.Protocol;
import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.SessionFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The meters of one route, of all event loops. Of the protocol that the route does not speak there are none: what is
 * asked of them is 0. Any thread.
 */
public final class RouteMeters {
    /** The meters of one loop: before a side is chosen, and of each side. */
    private record OfLoop<L, S>(L listener, S blue, S green) {
        S of(Target target) {
            return switch (target) {
                case BLUE -> blue;
                case GREEN -> green;
            };
        }
    }

    /** Empty for a route that does not speak HTTP. */
    private final List<OfLoop<ListenerMeters, RequestMeters>> http;
    /** Empty for a route that does not speak PostgreSQL. */
    private final List<OfLoop<SessionListenerMeters, SessionMeters>> postgres;
    private final TrafficHistory history;

    /**
     * Of a route that speaks HTTP.
     *
     * @param loops how many
     * @param nowNanos from any origin, as at every later call
     */
    public RouteMeters(int loops, long nowNanos) {
        this(Protocol.HTTP, loops, nowNanos);
    }

    /**
     * Of any route.
     *
     * @param loops how many
     * @param nowNanos from any origin, as at every later call
     */
    public RouteMeters(Protocol protocol, int loops, long nowNanos) {
        history = new TrafficHistory(nowNanos);
        http = perLoop(protocol == Protocol.HTTP ? loops : 0, ListenerMeters::new, RequestMeters::new);
        postgres = perLoop(protocol == Protocol.POSTGRESQL ? loops : 0, SessionListenerMeters::new,
                SessionMeters::new);
    }

    private static <L, S> List<OfLoop<L, S>> perLoop(int loops, Supplier<L> listener, Supplier<S> side) {
        return Stream.generate(() -> new OfLoop<>(listener.get(), side.get(), side.get())).limit(loops)
                .toList();
    }

    boolean speaksHttp() {
        return !http.isEmpty();
    }

    boolean speaksPostgres() {
        return !postgres.isEmpty();
    }

    /** For the loop with this number to write to; only of a route that speaks HTTP. */
    public ListenerMeters listener(int loop) {
        return http.get(loop).listener;
    }

    /** For the loop with this number to write to; only of a route that speaks HTTP. */
    public RequestMeters requests(int loop, Target target) {
        return http.get(loop).of(target);
    }

    /** For the loop with this number to write to; only of a route that speaks PostgreSQL. */
    public SessionListenerMeters sessionListener(int loop) {
        return postgres.get(loop).listener;
    }

    /** For the loop with this number to write to; only of a route that speaks PostgreSQL. */
    public SessionMeters sessions(int loop, Target target) {
        return postgres.get(loop).of(target);
    }

    /** Requests that wait for an answer; of PostgreSQL, server connections at work. */
    public long inFlight(Target target) {
        return ofRequests(target, RequestMeters::inFlight) + servers(target, SessionMeters.ACTIVE);
    }

    public long count(Target target, Outcome outcome) {
        return ofRequests(target, side -> side.count(outcome));
    }

    /** Requests that ended, in whatever way; of PostgreSQL, spans from the first message to ReadyForQuery. */
    public long requests(Target target) {
        return Outcome.values().stream().mapToLong(outcome -> count(target, outcome)).sum()
                + ofSessions(target, SessionMeters::served);
    }

    /** Of those, the ones that the side failed to answer; of PostgreSQL, those that failed by the server's fault. */
    public long failures(Target target) {
        return Outcome.values().stream().filter(Outcome::failure).mapToLong(outcome -> count(target, outcome))
                .sum() + ofSessions(target, SessionMeters::failed);
    }

    /** The sessions of a side; empty for a route that does not speak PostgreSQL. */
    public Optional<SideSessions> sessions(Target target) {
        return speaksPostgres() ? Optional.of(summedUp(target)) : Optional.empty();
    }

    private SideSessions summedUp(Target target) {
        return new SideSessions(
                IntStream.range(0, SessionMeters.CLASSES.size())
                        .mapToLong(category -> sessions(target, category))
                        .sum(),
                sessions(target, SessionMeters.PINNED), servers(target, SessionMeters.ACTIVE),
                servers(target, SessionMeters.IDLE_IN_TRANSACTION)
                        + servers(target, SessionMeters.FAILED_TRANSACTION),
                transactions(target, true) + transactions(target, false),
                IntStream.range(0, SqlStateClasses.LABELS.size()).mapToLong(place -> errors(target, place))
                        .sum());
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
        long failed = ofSessions(target, SessionMeters::failed);
        tally.count(failed, true);
        tally.count(ofSessions(target, SessionMeters::served) - failed, false);
        durations(target, tally.durations());
        return tally;
    }

    public long tunnels(Target target) {
        return ofRequests(target, RequestMeters::tunnels);
    }

    /** @param rung its place in {@link RequestMeters#RUNGS} */
    long decisions(Target target, int rung) {
        return ofRequests(target, side -> side.decisions(rung))
                + ofSessions(target, side -> side.decisions(rung));
    }

    long retries(Target target) {
        return ofRequests(target, RequestMeters::retries);
    }

    long spills(Target target) {
        return ofRequests(target, RequestMeters::spills)
                + ofSessions(target, side -> side.decisions(SessionMeters.SPILL));
    }

    public long connections() {
        return ofHttp(ListenerMeters::connections) + ofPostgres(SessionListenerMeters::connections);
    }

    long droppedFields() {
        return ofHttp(ListenerMeters::droppedFields);
    }

    long connectionsOpened() {
        return ofHttp(ListenerMeters::connectionsOpened)
                + ofPostgres(SessionListenerMeters::connectionsOpened);
    }

    long cohortCookies() {
        return ofHttp(ListenerMeters::cohortCookies);
    }

    long refusals(Kind kind) {
        return ofHttp(listener -> listener.refusals(kind));
    }

    long handshakes() {
        return ofPostgres(SessionListenerMeters::handshakes);
    }

    /** @param result its place in {@link SessionListenerMeters#CANCELS} */
    long cancels(int result) {
        return ofPostgres(listener -> listener.cancels(result));
    }

    long failures(SessionFailure failure) {
        return ofPostgres(listener -> listener.failures(failure));
    }

    /** @param category its place in {@link SessionMeters#CLASSES} */
    long sessions(Target target, int category) {
        return ofSessions(target, side -> side.sessions(category));
    }

    /** @param state its place in {@link SessionMeters#STATES} */
    long servers(Target target, int state) {
        return ofSessions(target, side -> side.servers(state));
    }

    long transactions(Target target, boolean committed) {
        return ofSessions(target, side -> side.transactions(committed));
    }

    long queries(Target target) {
        return ofSessions(target, SessionMeters::queries);
    }

    /** @param place in {@link SqlStateClasses#LABELS} */
    long errors(Target target, int place) {
        return ofSessions(target, side -> side.errors(place));
    }

    /** Fills {@code buckets} and answers the sum of the durations in nanoseconds. */
    long durations(Target target, long[] buckets) {
        Arrays.fill(buckets, 0);
        return ofRequests(target, side -> side.durations().addTo(buckets))
                + ofSessions(target, side -> side.durations().addTo(buckets));
    }

    private long ofHttp(ToLongFunction<ListenerMeters> part) {
        return http.stream().mapToLong(loop -> part.applyAsLong(loop.listener)).sum();
    }

    private long ofRequests(Target target, ToLongFunction<RequestMeters> part) {
        return http.stream().mapToLong(loop -> part.applyAsLong(loop.of(target))).sum();
    }

    private long ofPostgres(ToLongFunction<SessionListenerMeters> part) {
        return postgres.stream().mapToLong(loop -> part.applyAsLong(loop.listener)).sum();
    }

    private long ofSessions(Target target, ToLongFunction<SessionMeters> part) {
        return postgres.stream().mapToLong(loop -> part.applyAsLong(loop.of(target))).sum();
    }
}
