package dev.turnout.admin.http;

import dev.turnout.admin.Event;
import dev.turnout.admin.EventFeed;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the events. They come on any thread and wait until the server's event loop has written them. A reader
 * that lags too far behind is cut off: it comes again, and says how far it got.
 */
final class EventStream implements Reply {
    static final String CONTENT_TYPE = "text/event-stream";

    /** How long a reader may take over the end. */
    private static final Duration LEAVE = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private final Duration heartbeat;
    private final Consumer<EventStream> ended;
    private final EventBacklog backlog = new EventBacklog();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicReference<EventFeed.@Nullable Subscription> subscription = new AtomicReference<>();
    private volatile @Nullable Started started;

    /** @param timer of the heartbeat */
    private record Started(Context loop, RoutingContext request, long timer) {}

    /** @param ended is called once, on any thread */
    EventStream(Duration heartbeat, Consumer<EventStream> ended) {
        this.heartbeat = heartbeat;
        this.ended = ended;
    }

    /** Subscribes; what happens waits from here on. */
    void follow(EventFeed feed, long after) {
        subscription.set(feed.subscribe(after, this::happened));
        backlog.bound();
        if (over.get()) {
            unsubscribe();
        }
    }

    private void happened(Event event) {
        backlog.add(event);
        Started now = started;
        if (now != null && woken.compareAndSet(false, true)) {
            now.loop().runOnContext(_ -> write(now));
        }
    }

    /** Sends the head and what waits. On the server's event loop, which alone touches the response from here on. */
    void start(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (over.get() || response.ended() || response.closed()) {
            end();
            close(request);
            return;
        }
        Replies.putSafeguards(response);
        response.putHeader("Content-Type", CONTENT_TYPE)
                .putHeader("Connection", "close")
                .setChunked(true);
        if (request.request().method().equals(HttpMethod.HEAD)) {
            end();
            close(request);
            return;
        }
        Started now = new Started(request.vertx().getOrCreateContext(), request,
                request.vertx().setPeriodic(heartbeat.toMillis(), _ -> beat(response)));
        response.closeHandler(_ -> end()).exceptionHandler(_ -> end()).drainHandler(_ -> write(now));
        started = now;
        beat(response);
        write(now);
        if (over.get()) {
            stop(now);
        }
    }

    /** A comment: whoever reads knows that the connection lives, and whoever does not is noticed. */
    private static void beat(HttpServerResponse response) {
        if (!response.ended() && !response.closed() && !response.writeQueueFull()) {
            response.write(":\n\n").onFailure(EventStream::undelivered);
        }
    }

    private void write(Started now) {
        woken.set(false);
        HttpServerResponse response = now.request().response();
        if (over.get() || response.closed()) {
            return;
        }
        if (backlog.isOverrun()) {
            log.info("event stream cut off, its reader is too slow client={}",
                    now.request().request().remoteAddress());
            end();
            return;
        }
        while (!response.writeQueueFull()) {
            Event event = backlog.poll();
            if (event == null) {
                return;
            }
            response.write(EventJson.message(event)).onFailure(EventStream::undelivered);
        }
    }

    /** Once. Any thread. */
    void end() {
        if (over.getAndSet(true)) {
            return;
        }
        unsubscribe();
        ended.accept(this);
        Started now = started;
        if (now != null) {
            now.loop().runOnContext(_ -> stop(now));
        }
    }

    private void unsubscribe() {
        EventFeed.Subscription made = subscription.getAndSet(null);
        if (made != null) {
            made.close();
        }
    }

    private static void stop(Started now) {
        now.request().vertx().cancelTimer(now.timer());
        close(now.request());
    }

    /** Whoever reads gets a proper end; whoever does not would hold it up. */
    private static void close(RoutingContext request) {
        HttpServerResponse response = request.response();
        HttpConnection connection = request.request().connection();
        if (response.closed() || response.ended() || response.writeQueueFull()) {
            IdleConnections.cut(connection);
            return;
        }
        long late = request.vertx().setTimer(LEAVE.toMillis(), _ -> IdleConnections.cut(connection));
        response.end().onComplete(_ -> {
            request.vertx().cancelTimer(late);
            IdleConnections.cut(connection);
        });
    }

    private static void undelivered(Throwable failure) {
        log.debug("event stream not delivered: {}", failure.toString());
    }
}
