package dev.turnout.proxy.upstream.health;

import dev.turnout.config.Address;
import dev.turnout.config.HealthConfig;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Asks endpoints whether they are well. Any thread. */
public interface Checks {
    /** The checks of one endpoint. */
    @FunctionalInterface
    interface Watch {
        /** No further check begins; the result of one under way may still arrive. */
        void end();
    }

    /**
     * Who is asked.
     *
     * @param address as configured, for the Host field
     * @param atOnce whether the first check begins at once, or at a random moment of the first interval
     */
    record Subject(Address address, InetSocketAddress socketAddress, boolean atOnce) {}

    /** Checks until the watch ends, one check at a time, and tells {@code results} how each went. */
    Watch watch(Subject subject, HealthConfig health, Consumer<CheckResult> results);
}
