package dev.turnout.proxy.control;

import dev.turnout.admin.Event;
import dev.turnout.admin.EventFeed;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened lately: the newest {@value #KEPT} events, in memory. Any thread. */
public final class Events implements EventFeed {
    private static final Logger log = LoggerFactory.getLogger(Events.class);
    static final int KEPT = 1000;

    private final InstantSource clock;
    private final Deque<Event> kept = new ArrayDeque<>();
    private final List<Consumer<Event>> listeners = new ArrayList<>();
    private long newest;

    public Events(InstantSource clock) {
        this.clock = clock;
    }

    /** Something happened. */
    public synchronized void add(String kind, Optional<String> route, Optional<String> actor, String text) {
        newest++;
        Event event = new Event(newest, clock.instant(), kind, route, actor, text);
        kept.add(event);
        if (kept.size() > KEPT) {
            kept.remove();
        }
        // Under the lock, so that every listener hears of all events, in their order.
        listeners.forEach(listener -> tell(listener, event));
    }

    private static void tell(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            log.error("event not delivered number={}", event.number(), e);
        }
    }

    @Override
    public synchronized List<Event> since(long after) {
        return kept.stream().filter(event -> event.number() > after).toList();
    }

    @Override
    public synchronized Subscription subscribe(long after, Consumer<Event> listener) {
        since(after).forEach(event -> tell(listener, event));
        listeners.add(listener);
        return () -> end(listener);
    }

    private synchronized void end(Consumer<Event> listener) {
        listeners.remove(listener);
    }
}
