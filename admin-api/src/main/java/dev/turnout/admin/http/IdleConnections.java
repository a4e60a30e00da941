package dev.turnout.admin.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connections whose clients keep the server waiting: for a request, for the rest of one, or for their
 * reading of an answer. Not the ones that wait for the server, as during a drain or between two events, which the idle
 * timeout of Vert.x would cut. Confined to the server's event loop.
 */
final class IdleConnections {
    private static final Logger log = LoggerFactory.getLogger(IdleConnections.class);

    private final Vertx vertx;
    private final Duration limit;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    IdleConnections(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.limit = limit;
    }

    void opened(HttpConnection connection) {
        clientsTurn(connection);
        connection.closeHandler(_ -> serversTurn(connection));
    }

    /** Gives the client its time, from now on. */
    void clientsTurn(HttpConnection connection) {
        serversTurn(connection);
        timers.put(connection, vertx.setTimer(limit.toMillis(), _ -> {
            timers.remove(connection);
            cut(connection);
        }));
    }

    void serversTurn(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /**
     * At once: {@link HttpConnection#close} waits until the client has read what was written, however long that takes.
     */
    static void cut(HttpConnection connection) {
        if (connection instanceof HttpServerConnection served) {
            served.channelHandlerContext().close()
                    .addListener(closed -> log.debug("connection cut client={}", connection.remoteAddress()));
        } else {
            throw new IllegalStateException(connection.getClass() + ": not a connection of this server's");
        }
    }
}
