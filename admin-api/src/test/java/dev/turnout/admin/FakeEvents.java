package dev.turnout.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A feed whose events tests make; it keeps all of them, unless it is told to forget. */
public final class FakeEvents implements EventFeed {
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    private final List<Event> kept = new ArrayList<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private long number;

    /** Something happens to the route shop, on this thread. */
    public synchronized void happens(String kind, String text) {
        number++;
        Event event = new Event(number, START.plusSeconds(number), kind, Optional.of("shop"),
                Optional.of("ops"),
                text);
        kept.add(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Keeps nothing of what happened so far. */
    public synchronized void forget() {
        kept.clear();
    }

    /** As after a restart: nothing is kept, and numbers begin with 1. */
    public synchronized void restart() {
        kept.clear();
        number = 0;
    }

    public int listeners() {
        return listeners.size();
    }

    @Override
    public synchronized List<Event> since(long after) {
        return kept.stream().filter(event -> event.number() > after).toList();
    }

    @Override
    public synchronized Subscription subscribe(long after, Consumer<Event> listener) {
        since(after).forEach(listener);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
