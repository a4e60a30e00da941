package dev.turnout.admin;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, as a sentence with numbers.
 *
 * @param number rises by one with each event since the proxy started, from 1
 * @param kind {@code split}, {@code endpoint}, {@code drain}, {@code health}, {@code reload} or {@code proxy}
 * @param route empty: of no one route
 * @param actor the name of the token; empty: nobody asked for it
 * @param text {@code shop: green 5% -> 12.5% by ops: first step}
 */
public record Event(
        long number,
        Instant at,
        String kind,
        Optional<String> route,
        Optional<String> actor,
        String text) {}
