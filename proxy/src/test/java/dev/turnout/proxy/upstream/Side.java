package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import dev.turnout.config.EjectConfig;
import dev.turnout.config.EndpointState;
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
import java.util.Collections;
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
    /** What operators were told. */
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    /** By host: who follows it. */
    final Map<String, Consumer<List<InetAddress>>> followed = new HashMap<>();
    /** Who is checked at present. */
    final Map<Subject, Consumer<CheckResult>> watched = new LinkedHashMap<>();
    /** By which rules each address was last checked. */
    private final Map<Address, HealthConfig> rules = new HashMap<>();
    private final Map<Address, EndpointState> addresses = new LinkedHashMap<>();
    /** The rules in force. */
    HealthConfig health;
    private long nanos = Long.MAX_VALUE - 5;

    Side(Check check, String atMost, Duration slowStart) {
        health = health(check, 2, 3, slowStart, eject(FAILURES, Duration.ofSeconds(10), atMost));
        set = new EndpointSet("shop", Target.BLUE, health, 2,
                new Surroundings(this, this, () -> nanos, new SplittableRandom(5), this::happened));
        set.onRemoved(removed::add);
        balancer = set.balancer(0, 42);
    }

    static HealthConfig health(Check check, int rise, int fall, Duration slowStart, EjectConfig eject) {
        return new HealthConfig(check, "/", Duration.ofSeconds(5), Duration.ofSeconds(2), rise, fall,
                slowStart,
                eject);
    }

    static EjectConfig eject(int failures, Duration first, String atMost) {
        return new EjectConfig(failures, first, Share.ofPercent(atMost));
    }

    /** Without checks and slow start; half of it may be ejected. */
    static Side of(String... hosts) {
        return new Side(Check.NONE, "50%", Duration.ZERO).with(hosts);
    }

    /** Adds these at one go. */
    Side with(String... hosts) {
        for (String host : hosts) {
            addresses.put(address(host), EndpointState.ACTIVE);
        }
        set.configure(addresses, health);
        return this;
    }

    void drain(String host, boolean drained) {
        addresses.put(address(host), drained ? EndpointState.DRAINED : EndpointState.ACTIVE);
        set.configure(addresses, health);
    }

    void remove(String host) {
        addresses.remove(address(host));
        set.configure(addresses, health);
    }

    /** The addresses stay. */
    void follow(HealthConfig next) {
        health = next;
        set.configure(addresses, health);
    }

    private void happened(String route, Target target, String sentence) {
        assertThat(Thread.holdsLock(set)).as("whoever hears of it may use the set, and be slow").isFalse();
        assertThat(route).isEqualTo("shop");
        assertThat(target).isEqualTo(Target.BLUE);
        events.add(sentence);
    }

    static Address address(String host) {
        return new Address(host, 80);
    }

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    long now() {
        return nanos;
    }

    void resolve(String host, String... ips) {
        Objects.requireNonNull(followed.get(host), host)
                .accept(Arrays.stream(ips).map(InetAddress::ofLiteral).toList());
    }

    void check(String ip, boolean passed) {
        watchOf(ip).accept(result(passed));
    }

    static CheckResult result(boolean passed) {
        return new CheckResult(passed, passed ? "status 200" : "status 500");
    }

    /** Who hears how the checks of this address go. */
    Consumer<CheckResult> watchOf(String ip) {
        return watched.entrySet().stream()
                .filter(watch -> watch.getKey().socketAddress().getAddress().getHostAddress().equals(ip))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Nullable
    HealthConfig rulesOf(String host) {
        return rules.get(address(host));
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
    public Watch watch(Subject subject, HealthConfig by, Consumer<CheckResult> results) {
        watched.put(subject, results);
        rules.put(subject.address(), by);
        return () -> watched.remove(subject, results);
    }
}
