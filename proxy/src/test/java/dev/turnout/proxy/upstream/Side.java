package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.EjectConfig;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.upstream.dns.Names;
import dev.turnout.proxy.upstream.health.CheckResult;
import dev.turnout.proxy.upstream.health.Checks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An endpoint set whose time, names and checks the test moves. */
final class Side implements Names, Checks {
    static final Duration SLOW_START = Duration.ofSeconds(100);
    static final int FAILURES = 3;

    final EndpointSet set;
    final Balancer balancer;
    final List<Endpoint> removed = new ArrayList<>();
    /** By host: who follows it. */
    final Map<String, Consumer<List<InetAddress>>> followed = new HashMap<>();
    /** Who is checked at present. */
    final Map<Subject, Consumer<CheckResult>> watched = new LinkedHashMap<>();
    private final Map<Address, Boolean> addresses = new LinkedHashMap<>();
    private long nanos = Long.MAX_VALUE - 5;

    Side(Check check, String atMost, Duration slowStart) {
        HealthConfig health = new HealthConfig(check, "/", Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3,
                slowStart, new EjectConfig(FAILURES, Duration.ofSeconds(10), Share.ofPercent(atMost)));
        set = new EndpointSet("shop", Target.BLUE, health, 2,
                new Surroundings(this, this, () -> nanos, new SplittableRandom(5)));
        set.onRemoved(removed::add);
        balancer = set.balancer(0, 42);
    }

    /** Without checks and slow start; half of it may be ejected. */
    static Side of(String... hosts) {
        return new Side(Check.NONE, "50%", Duration.ZERO).with(hosts);
    }

    /** Adds these at one go. */
    Side with(String... hosts) {
        for (String host : hosts) {
            addresses.put(address(host), false);
        }
        set.configure(addresses);
        return this;
    }

    void drain(String host, boolean drained) {
        addresses.put(address(host), drained);
        set.configure(addresses);
    }

    void remove(String host) {
        addresses.remove(address(host));
        set.configure(addresses);
    }

    static Address address(String host) {
        return new Address(host, 80);
    }

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    void resolve(String host, String... ips) {
        Objects.requireNonNull(followed.get(host), host)
                .accept(Arrays.stream(ips).map(InetAddress::ofLiteral).toList());
    }

    void check(String ip, boolean passed) {
        watched.entrySet().stream()
                .filter(watch -> watch.getKey().socketAddress().getAddress().getHostAddress().equals(ip))
                .findFirst()
                .orElseThrow()
                .getValue()
                .accept(new CheckResult(passed, passed ? "status 200" : "status 500"));
    }

    Endpoint at(String ip) {
        return set.endpoints().stream()
                .filter(endpoint -> endpoint.socketAddress().getAddress().getHostAddress().equals(ip))
                .findFirst()
                .orElseThrow();
    }

    void fail(String ip, int times) {
        Endpoint endpoint = at(ip);
        for (int i = 0; i < times; i++) {
            endpoint.failed();
        }
    }

    void eject(String ip) {
        at(ip).connectFailed("connection refused");
    }

    /** How often each address is chosen, or the empty string for none. */
    Map<String, Integer> chosen(int times) {
        Map<String, Integer> chosen = new HashMap<>();
        for (int i = 0; i < times; i++) {
            chosen.merge(name(balancer.choose()), 1, Integer::sum);
        }
        return chosen;
    }

    static String name(@Nullable Endpoint endpoint) {
        return endpoint == null ? "" : endpoint.socketAddress().getAddress().getHostAddress();
    }

    @Override
    public Following follow(String host, Consumer<List<InetAddress>> listener) {
        followed.put(host, listener);
        return () -> followed.remove(host);
    }

    @Override
    public Watch watch(Subject subject, HealthConfig health, Consumer<CheckResult> results) {
        watched.put(subject, results);
        return () -> watched.remove(subject);
    }
}
