package dev.turnout.proxy.http;

import dev.turnout.config.AllowedHere;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.head.SpareHeads;
import dev.turnout.proxy.http.upstream.Origins;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.RouteTable;
import dev.turnout.proxy.routing.Scratch;
import dev.turnout.proxy.routing.Snapshots;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What all HTTP connections of one event loop share. Confined to that loop. */
public final class HttpLoop {
    private final Snapshots snapshots;
    private final Decider decider;
    private final Origins origins;
    private final HeadLimits limits;
    private final LongSupplier nanos;
    private final @Nullable AccessLog accessLog;
    private final HeadFacts facts;
    private final Scratch scratch;
    private final SpareHeads<RequestHead> heads;
    private final int number;
    private final Deadlines deadlines;
    private final RandomGenerator random;
    private final Ids ids;
    /** Those that are open; a tunnel is one as well. */
    private final Set<Drainable> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Runnable onDrained;

    /** What ends by itself, or is ended, when the proxy does. */
    interface Drainable {
        /** The proxy, or this one, takes nothing more up: end when what is under way has ended. Null: all of them. */
        void drain(@Nullable HttpListener listener);

        /** End at once. */
        void close();
    }

    /**
     * @param number of the loop, from 0
     * @param random safe for this loop, and unpredictable
     * @param accessLog null when none is kept
     * @param nanos a clock as {@link System#nanoTime}
     */
    public HttpLoop(int number, RandomGenerator random, Snapshots snapshots, Decider decider, Origins origins,
            HeadLimits limits, Deadlines deadlines, @Nullable AccessLog accessLog, LongSupplier nanos) {
        this.accessLog = accessLog;
        this.number = number;
        this.deadlines = deadlines;
        this.random = random;
        ids = new Ids(random.nextLong());
        this.snapshots = snapshots;
        this.decider = decider;
        this.origins = origins;
        this.limits = limits;
        facts = new HeadFacts(limits);
        scratch = new Scratch(limits.bytes());
        heads = new SpareHeads<>(() -> new RequestHead(limits));
        this.nanos = nanos;
    }

    /** The route that a request is for; null when none matches. Borrows both. */
    @Nullable
    HttpRoute find(RouteTable<HttpRoute> routes, RequestHead head, ByteBuf in) {
        return routes.find(facts.of(head, in, null), scratch);
    }

    /** Reads the current snapshot, once; answers false when the route is not there any more. Borrows all but the decision. */
    boolean decide(String route, RequestHead head, ByteBuf in, HopFields hop, Decision decision) {
        return decider.decide(snapshots.current(), route, facts.of(head, in, hop), decision);
    }

    RandomGenerator random() {
        return random;
    }

    @Nullable
    AccessLog accessLog() {
        return accessLog;
    }

    @AllowedHere("the access log says when a request came")
    long epochMillis() {
        return System.currentTimeMillis();
    }

    Origins origins() {
        return origins;
    }

    HeadLimits limits() {
        return limits;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    public int number() {
        return number;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Ids ids() {
        return ids;
    }

    void opened(Drainable client) {
        clients.add(client);
    }

    void closed(Drainable client) {
        clients.remove(client);
        reportDrained();
    }

    /** Whether no connection is to be kept beyond its request. */
    boolean draining() {
        return onDrained != null;
    }

    /** Lets every connection end with the request that is under way; {@code drained} is called when the last has closed. */
    public void drain(Runnable drained) {
        onDrained = drained;
        List.copyOf(clients).forEach(client -> client.drain(null));
        reportDrained();
    }

    /** Lets every connection of a listener end with the request that is under way. */
    void drain(HttpListener listener) {
        List.copyOf(clients).forEach(client -> client.drain(listener));
    }

    /** Closes every connection of the loop, on both legs. */
    public void close() {
        List.copyOf(clients).forEach(Drainable::close);
        origins.close();
    }

    private void reportDrained() {
        if (onDrained != null && clients.isEmpty()) {
            onDrained.run();
        }
    }

    SpareHeads<RequestHead> heads() {
        return heads;
    }
}
