package dev.turnout.admin;

import java.util.List;
import java.util.function.Consumer;

/** What happened lately, and what happens. Any thread. */
public interface EventFeed {
    /** Those that are still kept, with a number above {@code after}, oldest first. */
    List<Event> since(long after);

    /**
     * Has a listener called with each event from now on, on whatever thread it happens: it must not block or throw.
     * {@link Subscription#close} ends it.
     *
     * @param after as for {@link #since}; these come first, before this method returns, and none is missing or double
     */
    Subscription subscribe(long after, Consumer<Event> listener);

    /** A listener's place in the feed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
