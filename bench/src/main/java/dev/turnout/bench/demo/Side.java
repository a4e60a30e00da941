package dev.turnout.bench.demo;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A running service of the demo: one of the two environments. */
interface Side extends Closeable {
    /** Starts a side. */
    @FunctionalInterface
    interface Starter {
        Side start(String name) throws IOException;
    }

    InetSocketAddress address();

    /** How many requests have arrived. */
    long requests();
}
