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
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Snapshots;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What all HTTP connections of one event loop share. Confined to that loop. */
public final class HttpLoop {
    private final Snapshots snapshots;
    private final Decider decider;
    private final Origins origins;
    private final HeadLimits limits;
    private final LongSupplier nanos;
    private final @Nullable AccessLog accessLog;
    private long decidedBy;
    private final HeadFacts facts = new HeadFacts();
    private final SpareHeads<RequestHead> heads;
    private final int number;
    private final Deadlines deadlines;
    private final Ids ids;
    /** Those that are open; a tunnel is one as well. */
    private final Set<Drainable> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Runnable onDrained;

    /** What ends by itself, or is ended, when the proxy does. */
    interface Drainable {
        /** Take nothing more up; end when what is under way has ended. */
        void drain();

        /** End at once. */
        void close();
    }

    /**
     * @param number of the loop, from 0
     * @param identity random, for this loop alone
     * @param accessLog null when none is kept
     * @param nanos a clock as {@link System#nanoTime}
     */
    public HttpLoop(int number, long identity, Snapshots snapshots, Decider decider, Origins origins,
            HeadLimits limits, Deadlines deadlines, @Nullable AccessLog accessLog, LongSupplier nanos) {
        this.accessLog = accessLog;
        this.number = number;
        this.deadlines = deadlines;
        ids = new Ids(identity);
        this.snapshots = snapshots;
        this.decider = decider;
        this.origins = origins;
        this.limits = limits;
        heads = new SpareHeads<>(() -> new RequestHead(limits));
        this.nanos = nanos;
    }

    /** Reads the current snapshot, once. Borrows both. */
    Decision decide(String route, RequestHead head, ByteBuf in) {
        RoutingSnapshot snapshot = snapshots.current();
        decidedBy = snapshot.version();
        return decider.decide(snapshot, route, facts.of(head, in));
    }

    /** The version of the snapshot that the last decision was made by. */
    long decidedBy() {
        return decidedBy;
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
        List.copyOf(clients).forEach(Drainable::drain);
        reportDrained();
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
