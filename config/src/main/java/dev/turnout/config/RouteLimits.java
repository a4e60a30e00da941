package dev.turnout.config;

import java.util.OptionalLong;

/**
 * What one route takes from its clients.
 *
 * @param body bytes of a request's body; 0..1 TiB; empty, the default: any number
 * @param connections of clients at a time; 1..1 000 000, default 20 000
 */
public record RouteLimits(OptionalLong body, int connections) {}
