package dev.turnout.proxy.pg;

/** One bound address as one event loop serves it. Confined to that loop. */
public final class PgListener {
    private final PgLoop loop;
    private PgRoute route;
    private boolean closed;

    public PgListener(PgLoop loop, PgRoute route) {
        this.loop = loop;
        this.route = route;
    }

    /** From now on sessions begin with this; those that have begun stay as they are. */
    public void serve(PgRoute next) {
        route = next;
    }

    /** Nothing listens here any more: every session ends as soon as it does nothing. */
    public void close() {
        closed = true;
        loop.drain(this);
    }

    PgLoop loop() {
        return loop;
    }

    PgRoute route() {
        return route;
    }

    /** Whether no session is to be kept beyond what it is doing. */
    boolean draining() {
        return closed || loop.draining();
    }
}
