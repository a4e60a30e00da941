package dev.turnout.proxy.pg.session;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a session has of its own that another server would not know of, as far as the messages that passed tell. What only
 * a look at the server shows, as temporary tables and advisory locks, is not in it. Confined by its caller.
 */
public final class Inventory {
    /** What moving a session would take. */
    public enum Category {
        /** Nothing. */
        STATELESS(0),
        /** What it has set up can be set up again. */
        REPLAYABLE(1),
        /** It has what no other server can be given. */
        PINNED(2);

        private final int place;

        Category(int place) {
            this.place = place;
        }

        /** From the easiest to the hardest, from 0. */
        public int place() {
            return place;
        }
    }

    /** Why it is not stateless. */
    private enum Reason {
        // @formatter:off
        SETTINGS("settings"),
        PREPARED("prepared statements"),
        LISTENING("listening"),
        CURSOR("a cursor"),
        LIBRARY("a loaded library"),
        REPLICATION("replication");
        // @formatter:on

        private static final Set<Reason> PINNING = EnumSet.of(CURSOR, LIBRARY, REPLICATION);

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
    private Category category = Category.STATELESS;

    /** It is a connection of a replica, or of whatever else follows the log. */
    public void replication() {
        add(Reason.REPLICATION);
    }

    /** Whether it is one of those. */
    public boolean replicates() {
        return reasons.contains(Reason.REPLICATION);
    }

    /** A statement with a name was prepared by the protocol. */
    public void prepared() {
        add(Reason.PREPARED);
    }

    /** A command has ended with this tag (PostgreSQL, "CommandComplete"). */
    public void completed(String tag) {
        switch (tag) {
            case "SET" -> add(Reason.SETTINGS);
            case "PREPARE" -> add(Reason.PREPARED);
            case "LISTEN" -> add(Reason.LISTENING);
            case "DECLARE CURSOR" -> add(Reason.CURSOR);
            case "LOAD" -> add(Reason.LIBRARY);
            case "DEALLOCATE ALL" -> remove(EnumSet.of(Reason.PREPARED));
            case "CLOSE CURSOR ALL" -> remove(EnumSet.of(Reason.CURSOR));
            case "DISCARD ALL" -> remove(EnumSet.of(Reason.SETTINGS, Reason.PREPARED, Reason.LISTENING,
                    Reason.CURSOR));
            default -> {
                // Leaves nothing behind in the session.
            }
        }
    }

    private void add(Reason reason) {
        if (reasons.add(reason)) {
            categorise();
        }
    }

    private void remove(Set<Reason> gone) {
        if (reasons.removeAll(gone)) {
            categorise();
        }
    }

    private void categorise() {
        if (reasons.isEmpty()) {
            category = Category.STATELESS;
        } else {
            category = reasons.stream().anyMatch(Reason.PINNING::contains)
                    ? Category.PINNED
                    : Category.REPLAYABLE;
        }
    }

    public Category category() {
        return category;
    }

    /** Why it is not stateless, in words. */
    public List<String> reasons() {
        return reasons.stream().map(reason -> reason.words).toList();
    }
}
