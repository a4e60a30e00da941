package dev.turnout.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Every change that operators made, from a file that only grows. Any thread; reads the disk. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * One change.
     *
     * @param version that the change made
     * @param action {@code split}, {@code drain}, {@code endpoint} or {@code reload}
     * @param route empty: of no one route
     * @param subject what of the route: {@code blue 10.0.0.2:8080}; empty: the route itself
     * @param before what held, as a text: {@code 5%}
     * @param after what holds since
     */
    record Entry(
            long version,
            Instant at,
            String actor,
            String action,
            Optional<String> route,
            Optional<String> subject,
            Optional<String> reason,
            String before,
            String after) {}

    /** The newest, at most {@code limit}, of one route or of all; newest first. */
    List<Entry> newest(int limit, Optional<String> route) throws IOException;
}
