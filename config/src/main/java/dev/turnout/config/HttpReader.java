package dev.turnout.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Reads the keys of a route that are about HTTP. */
final class HttpReader {
    private static final Kind<Duration> CONNECT = Kinds.duration(Duration.ofMillis(1), Duration.ofSeconds(60),
            "1ms to 60s");
    private static final Kind<Duration> WAIT = Kinds.duration(Duration.ofMillis(1), Duration.ofHours(24),
            "1ms to 24h");
    private static final Kind<Long> BODY = Kinds.size(0, 1L << 40, "0B to 1024GiB");
    private static final Kind<Integer> CONNECTIONS = Kinds.number(1, 1_000_000);
    private static final int MAX_TRUSTED = 1000;

    private HttpReader() {}

    static Supplier<HttpConfig> read(Section route) {
        Read<Boolean> exposeTarget = route.read("expose-target", Kinds.FLAG);
        Supplier<HeadersConfig> headers = headers(route.section("headers"));
        Supplier<Timeouts> timeouts = timeouts(route.section("timeouts"));
        Supplier<RouteLimits> limits = limits(route.section("limits"));
        return () -> new HttpConfig(exposeTarget.get(), headers.get(), timeouts.get(), limits.get());
    }

    private static Supplier<HeadersConfig> headers(Section headers) {
        Read<Boolean> xForwarded = headers.read("x-forwarded", Kinds.FLAG);
        Read<Boolean> forwarded = headers.read("forwarded", Kinds.FLAG);
        Read<Boolean> via = headers.read("via", Kinds.FLAG);
        Read<Boolean> requestId = headers.read("request-id", Kinds.FLAG);
        Read<Boolean> traceparent = headers.read("traceparent", Kinds.FLAG);
        Read<List<AddressRange>> trust = headers.readAnyList("trust", Kinds.ADDRESS_RANGE, MAX_TRUSTED);
        return () -> new HeadersConfig(xForwarded.get(), forwarded.get(), via.get(), requestId.get(),
                traceparent.get(), trust.get());
    }

    private static Supplier<Timeouts> timeouts(Section timeouts) {
        Read<Duration> connect = timeouts.read("connect", CONNECT);
        Read<Duration> head = timeouts.read("head", WAIT);
        Read<Duration> idle = timeouts.read("idle", WAIT);
        Read<Duration> request = timeouts.read("request", WAIT);
        Read<Duration> tunnel = timeouts.read("tunnel", WAIT);
        Read<Duration> pool = timeouts.read("pool", WAIT);
        return () -> new Timeouts(connect.get(), head.get(), idle.get(), request.get(), tunnel.get(),
                pool.get());
    }

    private static Supplier<RouteLimits> limits(Section limits) {
        Read<Optional<Long>> body = limits.readIfSet("body", BODY);
        Read<Integer> connections = limits.read("connections", CONNECTIONS);
        return () -> new RouteLimits(
                body.get().map(OptionalLong::of).orElseGet(OptionalLong::empty), connections.get());
    }
}
