package dev.turnout.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code health} of a route. */
final class HealthReader {
    private static final Kind<Duration> INTERVAL = Kinds.duration(Duration.ofMillis(10), Duration.ofHours(1),
            "10ms to 1h");
    private static final Kind<Duration> TIMEOUT = Kinds.duration(Duration.ofMillis(1), Duration.ofSeconds(60),
            "1ms to 60s");
    private static final Kind<Duration> SLOW_START = Kinds.duration(Duration.ZERO, Duration.ofHours(1),
            "0s to 1h");
    private static final Kind<Duration> EJECTED = Kinds.duration(Duration.ofMillis(1), Duration.ofMinutes(5),
            "1ms to 5m");
    private static final Kind<Integer> IN_A_ROW = Kinds.number(1, 100);
    private static final Kind<Integer> FAILURES = Kinds.number(1, 1000);

    private final Problems problems;

    HealthReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<HealthConfig> read(Section health, Read<Protocol> protocol) {
        Read<HealthConfig.Check> check = health.read("check", Kinds.CHECK);
        if (check.value().equals(Optional.of(HealthConfig.Check.HTTP))
                && protocol.value().equals(Optional.of(Protocol.POSTGRESQL))) {
            Spot spot = health.member("check");
            problems.error(spot, Shown.found(spot) + ", on a route that speaks postgresql",
                    "none or connect");
        }
        Read<String> path = health.read("path", Kinds.CHECK_PATH);
        Read<Duration> interval = health.read("interval", INTERVAL);
        Read<Duration> timeout = health.read("timeout", TIMEOUT);
        Read<Integer> rise = health.read("rise", IN_A_ROW);
        Read<Integer> fall = health.read("fall", IN_A_ROW);
        Read<Duration> slowStart = health.read("slow-start", SLOW_START);
        Supplier<EjectConfig> eject = eject(health.section("eject"));
        return () -> new HealthConfig(check.get(), path.get(), interval.get(), timeout.get(), rise.get(),
                fall.get(), slowStart.get(), eject.get());
    }

    private static Supplier<EjectConfig> eject(Section eject) {
        Read<Integer> failures = eject.read("failures", FAILURES);
        Read<Duration> duration = eject.read("for", EJECTED);
        Read<Share> atMost = eject.read("at-most", Kinds.SHARE);
        return () -> new EjectConfig(failures.get(), duration.get(), atMost.get());
    }
}
