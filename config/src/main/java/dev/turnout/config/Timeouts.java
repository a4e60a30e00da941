package dev.turnout.config;

import java.time.Duration;

/**
 * How long a route waits for a client or an endpoint. All but {@code connect} are 1ms..24h.
 *
 * @param connect for a connection to an endpoint to open; 1ms..60s, default 2s
 * @param head from the first byte of a request, or the opening of the connection, until its head is whole; default
 *     10s
 * @param idle between two requests of a client connection; default 60s
 * @param request how long a request may stand still: no byte of its body from the client, none of the answer from
 *     the endpoint, or the client takes none; default 60s
 * @param tunnel how long an upgraded connection may be silent; default 1h
 * @param pool how long an unused connection to an endpoint is kept; default 30s
 */
public record Timeouts(
        Duration connect,
        Duration head,
        Duration idle,
        Duration request,
        Duration tunnel,
        Duration pool) {}
