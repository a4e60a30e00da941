package dev.turnout.proxy.http;

import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.upstream.Origins;
import dev.turnout.proxy.routing.Decider;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.routing.Snapshots;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** What all HTTP connections of one event loop share. Confined to that loop. */
public final class HttpLoop {
    private final Snapshots snapshots;
    private final Decider decider;
    private final Origins origins;
    private final HeadLimits limits;
    private final LongSupplier nanos;
    private final HeadFacts facts = new HeadFacts();
    private final ArrayDeque<RequestHead> heads = new ArrayDeque<>();

    /** @param nanos a clock as {@link System#nanoTime} */
    public HttpLoop(Snapshots snapshots, Decider decider, Origins origins, HeadLimits limits,
            LongSupplier nanos) {
        this.snapshots = snapshots;
        this.decider = decider;
        this.origins = origins;
        this.limits = limits;
        this.nanos = nanos;
    }

    /** Reads the current snapshot, once. Borrows both. */
    Decision decide(String route, RequestHead head, ByteBuf in) {
        return decider.decide(snapshots.current(), route, facts.of(head, in));
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

    /** A connection holds one only while it reads a head: an idle connection costs no table. */
    RequestHead takeHead() {
        RequestHead head = heads.pollLast();
        return head == null ? new RequestHead(limits) : head;
    }

    void giveBack(RequestHead head) {
        head.reset();
        heads.offerLast(head);
    }
}
