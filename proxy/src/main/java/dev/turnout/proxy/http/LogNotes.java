package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.rules.Forwarded;
import dev.turnout.proxy.metrics.access.AccessEntry;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.routing.Decision;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the access log will say of the request that is under way on one connection. Confined to its event loop. */
final class LogNotes {
    private static final long NO_ANSWER = -1;
    /** Of a request that was not decided. */
    private static final int NONE = -1;

    private final AccessLog log;
    private final HttpLoop loop;
    private final String client;
    private long epochMillis;
    private String route = "";
    private @Nullable Decision decision;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String requestId;
    private long endpointNanos = NO_ANSWER;
    private int tries;

    private LogNotes(AccessLog log, HttpLoop loop, String client) {
        this.log = log;
        this.loop = loop;
        this.client = client;
    }

    /** Null when there is no log. */
    static @Nullable LogNotes of(HttpLoop loop, Channel client) {
        AccessLog log = loop.accessLog();
        return log == null
                ? null
                : new LogNotes(log, loop,
                        Forwarded.address(((InetSocketAddress) client.remoteAddress()).getAddress()));
    }

    /** Read when the request has ended. */
    void decided(HttpRoute asked, Decision by) {
        route = asked.name();
        decision = by;
        endpointNanos = NO_ANSWER;
        tries = 0;
    }

    /** Borrows both. */
    void began(RequestHead head, ByteBuf in, @Nullable String id) {
        epochMillis = loop.epochMillis();
        method = head.methodText(in);
        path = head.targetText(in, AccessEntry.MAX_PATH + 1);
        requestId = id;
    }

    void tried() {
        tries++;
    }

    void answered(long nanos) {
        endpointNanos = nanos;
    }

    /** @param status that went out of the endpoint's answer; 0 when none did */
    void ended(Target target, @Nullable Endpoint endpoint, int status, @Nullable Kind reason, long nanos) {
        int shown = status == 0 && reason != null ? reason.httpStatus() : status;
        Decision by = Objects.requireNonNull(decision, "decision: none (expected: one for each request)");
        log.offer(new AccessEntry(epochMillis, client, route, target.label(), by.rung().label(),
                by.bucket(), endpoint == null ? null : endpoint.toString(), method, path, shown,
                reason == null ? null : reason.code(), requestId, nanos, endpointNanos, tries, by.version(),
                by.epoch()));
    }

    /** A request that no side was chosen for. Borrows both; {@code head} is null when none had begun. */
    void refused(HttpRoute of, Kind kind, @Nullable RequestHead head, ByteBuf in) {
        boolean known = head != null && head.knowsTarget();
        log.offer(new AccessEntry(loop.epochMillis(), client, of.name(), "none", null, NONE, null,
                head == null || !known ? null : head.methodText(in),
                head == null || !known ? null : head.targetText(in, AccessEntry.MAX_PATH + 1),
                kind.httpStatus(),
                kind.code(), null, 0, NO_ANSWER, 0, NONE, NONE));
    }
}
