package dev.turnout.admin.http;

import dev.turnout.admin.EventFeed;
import dev.turnout.admin.http.Problem.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The event streams that are open, so many at most. Any thread. */
final class EventStreams {
    static final int MAX = 64;

    private final Set<EventStream> open = new HashSet<>();
    private final Duration heartbeat;
    private boolean closed;

    EventStreams(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /** Subscribes; what happens waits from here on, until the stream is started. */
    EventStream open(EventFeed feed, long after) {
        EventStream stream = new EventStream(heartbeat, this::remove);
        add(stream);
        try {
            stream.follow(feed, after);
        } catch (RuntimeException | Error failure) {
            stream.end();
            throw failure;
        }
        return stream;
    }

    private synchronized void add(EventStream stream) {
        if (closed || open.size() == MAX) {
            throw new Problem(Kind.TOO_MANY_STREAMS, closed
                    ? "events: the server closes (expected: a later attempt)"
                    : "events: " + MAX + " streams are open (expected: fewer; close one, or ask for JSON)")
                    .raised();
        }
        open.add(stream);
    }

    private synchronized void remove(EventStream stream) {
        open.remove(stream);
    }

    /** Ends all of them, and opens no more. */
    void close() {
        List<EventStream> streams;
        synchronized (this) {
            closed = true;
            streams = List.copyOf(open);
        }
        streams.forEach(EventStream::end);
    }
}
