package dev.turnout.config;

/**
 * What a route does as an HTTP proxy.
 *
 * @param exposeTarget whether answers carry {@code X-Turnout-Target}; default false
 */
public record HttpConfig(
        boolean exposeTarget,
        HeadersConfig headers,
        Timeouts timeouts,
        RouteLimits limits) {}
