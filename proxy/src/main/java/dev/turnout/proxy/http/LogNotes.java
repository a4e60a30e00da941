package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.rules.Forwarded;
import dev.turnout.proxy.metrics.access.AccessEntry;
import dev.turnout.proxy.metrics.access.AccessLog;
import dev.turnout.proxy.routing.Rung;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What the access log will say of the request that is under way on one connection. Confined to its event loop. */
final class LogNotes {
    private static final long NO_ANSWER = -1;
    private static final long NO_VERSION = -1;

    private final AccessLog log;
    private final HttpRoute route;
    private final String client;
    private long epochMillis;
    private @Nullable Rung rung;
    private long version = NO_VERSION;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String requestId;
    private long endpointNanos = NO_ANSWER;
    private int tries;

    private LogNotes(AccessLog log, HttpRoute route, String client) {
        this.log = log;
        this.route = route;
        this.client = client;
    }

    /** Null when there is no log. */
    static @Nullable LogNotes of(HttpRoute route, Channel client) {
        AccessLog log = route.loop().accessLog();
        return log == null
                ? null
                : new LogNotes(log, route,
                        Forwarded.address(((InetSocketAddress) client.remoteAddress()).getAddress()));
    }

    void decided(Rung by, long snapshotVersion) {
        rung = by;
        version = snapshotVersion;
        endpointNanos = NO_ANSWER;
        tries = 0;
    }

    /** Borrows both. */
    void began(RequestHead head, ByteBuf in, @Nullable String id) {
        epochMillis = route.loop().epochMillis();
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
        log.offer(new AccessEntry(epochMillis, client, route.name(), target.label(),
                rung == null ? null : rung.label(), endpoint == null ? null : endpoint.toString(), method,
                path,
                shown, reason == null ? null : reason.code(), requestId, nanos, endpointNanos, tries,
                version));
    }

    /** A request that no side was chosen for. Borrows both; {@code head} is null when none had begun. */
    void refused(Kind kind, @Nullable RequestHead head, ByteBuf in) {
        boolean known = head != null && head.knowsTarget();
        log.offer(new AccessEntry(route.loop().epochMillis(), client, route.name(), "none", null, null,
                head == null || !known ? null : head.methodText(in),
                head == null || !known ? null : head.targetText(in, AccessEntry.MAX_PATH + 1),
                kind.httpStatus(),
                kind.code(), null, 0, NO_ANSWER, 0, NO_VERSION));
    }
}
