package dev.turnout.proxy.upstream.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Host names and the addresses behind them. Any thread. */
public interface Names {
    /** One who wants to know about a name. */
    @FunctionalInterface
    interface Following {
        /** Wants to know no more; what is on its way may still arrive. */
        void end();
    }

    /**
     * Tells {@code addresses} what the host's addresses are, and each time that they become others, in an order that is
     * stable; never an empty list. IP literals are no names.
     */
    Following follow(String host, Consumer<List<InetAddress>> addresses);
}
