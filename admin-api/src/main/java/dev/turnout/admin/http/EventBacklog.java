package dev.turnout.admin.http;

import dev.turnout.admin.Event;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What waits for one reader. Without bound until {@link #bound}, since what is kept is in memory anyway. Any thread. */
final class EventBacklog {
    static final int MAX_EVENTS = 1000;
    static final int MAX_CHARACTERS = 1024 * 1024;

    private final Queue<Event> waiting = new ArrayDeque<>();
    private long characters;
    private int maxEvents = Integer.MAX_VALUE;
    private long maxCharacters = Long.MAX_VALUE;
    private boolean overrun;

    /** Dropped where no more fits, and from then on; {@link #isOverrun} says so. */
    synchronized void add(Event event) {
        if (waiting.size() >= maxEvents || characters + event.text().length() > maxCharacters) {
            overrun = true;
            waiting.clear();
        }
        if (!overrun) {
            waiting.add(event);
            characters += event.text().length();
        }
    }

    /** From now on no more than {@link #MAX_EVENTS} or {@link #MAX_CHARACTERS} besides what waits already. */
    synchronized void bound() {
        maxEvents = waiting.size() + MAX_EVENTS;
        maxCharacters = characters + MAX_CHARACTERS;
    }

    synchronized boolean isOverrun() {
        return overrun;
    }

    /** The oldest; null: nothing waits. */
    synchronized @Nullable Event poll() {
        Event event = waiting.poll();
        if (event != null) {
            characters -= event.text().length();
        }
        return event;
    }
}
