package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.upstream.health.CheckResult;
import dev.turnout.proxy.upstream.health.Checks.Subject;
import dev.turnout.proxy.upstream.health.Verdict;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one side of one route, and their state. Any thread: what changes takes the lock, briefly and without
 * waiting for anything under it; requests read {@link #members()} and take the lock only where something is wrong.
 */
public final class EndpointSet {
    private static final Logger log = LoggerFactory.getLogger(EndpointSet.class);

    private final String route;
    private final Target target;
    private final HealthConfig health;
    private final int loops;
    private final Surroundings around;
    private final Map<Address, Configured> configured = new LinkedHashMap<>();
    private final List<Consumer<Endpoint>> removalListeners = new CopyOnWriteArrayList<>();
    private final LongAdder passedChecks = new LongAdder();
    private final LongAdder failedChecks = new LongAdder();
    private final LongAdder ejections = new LongAdder();
    private boolean begun;
    private volatile Members members = Members.NONE;

    /** Empty until it is configured. */
    public EndpointSet(String route, Target target, HealthConfig health, int loops, Surroundings around) {
        this.route = route;
        this.target = target;
        this.health = health;
        this.loops = loops;
        this.around = around;
    }

    /** For the loop with this number. */
    public Balancer balancer(int loop, long seed) {
        return new Balancer(this, loop, seed, around.nanos());
    }

    /** Told of each endpoint once it is removed, on whatever thread removed it. */
    public void onRemoved(Consumer<Endpoint> listener) {
        removalListeners.add(listener);
    }

    /**
     * Sets which addresses there are, and whether each is drained. Endpoints of addresses that stay keep their state.
     * Names get their endpoints when they are resolved.
     */
    public void configure(Map<Address, Boolean> wanted) {
        List<Endpoint> gone = new ArrayList<>();
        synchronized (this) {
            for (Address address : List.copyOf(configured.keySet())) {
                if (!wanted.containsKey(address)) {
                    remove(Objects.requireNonNull(configured.remove(address)), gone);
                }
            }
            wanted.forEach((address, drained) -> configure(address, drained, gone));
            begun = true;
            publish();
        }
        tellOf(gone);
    }

    private void configure(Address address, boolean drained, List<Endpoint> gone) {
        Configured known = configured.get(address);
        if (known == null) {
            Configured added = new Configured(address, !begun);
            added.drained = drained;
            configured.put(address, added);
            byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
            if (literal == null) {
                added.following = around.names().follow(address.host(), ips -> resolved(added, ips));
            } else {
                replace(added, List.of(ip(literal)), gone);
            }
            return;
        }
        if (known.drained && !drained) {
            known.endpoints.forEach(this::warmUp);
        }
        known.drained = drained;
        known.endpoints.forEach(endpoint -> endpoint.state().drained = drained);
    }

    private static InetAddress ip(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address: " + literal.length + " bytes (expected: 4 or 16)", e);
        }
    }

    /** DNS has new addresses for a name. */
    private void resolved(Configured name, List<InetAddress> ips) {
        List<Endpoint> gone = new ArrayList<>();
        boolean first;
        synchronized (this) {
            if (configured.get(name.address) != name) {
                // Removed while the look-up was under way.
                return;
            }
            first = !name.answered;
            replace(name, ips, gone);
            publish();
        }
        if (!first) {
            log.info("route={} target={} endpoints={} now resolve to {}", route, target.label(), name.address,
                    ips.stream().map(InetAddress::getHostAddress).toList());
        }
        tellOf(gone);
    }

    private void replace(Configured name, List<InetAddress> ips, List<Endpoint> gone) {
        boolean first = name.fromStart && !name.answered;
        boolean proven = first || !othersReady(name, ips);
        name.answered = true;
        List<Endpoint> next = new ArrayList<>();
        for (InetAddress ip : ips) {
            Endpoint stays = name.at(ip);
            next.add(stays != null ? stays : add(name, ip, first, proven));
        }
        for (Endpoint endpoint : name.endpoints) {
            if (!next.contains(endpoint)) {
                remove(name, endpoint, gone);
            }
        }
        name.endpoints = List.copyOf(next);
    }

    /** Without any other to serve meanwhile, a new endpoint need not first prove itself. */
    private boolean othersReady(Configured name, List<InetAddress> ips) {
        for (Endpoint endpoint : members.ready) {
            boolean leaves = name.endpoints.contains(endpoint)
                    && !ips.contains(endpoint.socketAddress().getAddress());
            if (!leaves && endpoint.state().ready()) {
                return true;
            }
        }
        return false;
    }

    private Endpoint add(Configured name, InetAddress ip, boolean first, boolean proven) {
        boolean checked = health.check() != Check.NONE;
        EndpointState state = new EndpointState(new Ejection(health.eject(), around.random()),
                new Verdict(health.rise(), health.fall(), proven || !checked));
        state.drained = name.drained;
        Endpoint endpoint = new Endpoint(this, name.address, new InetSocketAddress(ip, name.address.port()),
                loops,
                state);
        if (!proven) {
            warmUp(endpoint);
        }
        if (checked) {
            state.watch = around.checks().watch(
                    new Subject(name.address, endpoint.socketAddress(), !first), health,
                    result -> checked(endpoint, result));
        }
        return endpoint;
    }

    private void remove(Configured address, List<Endpoint> gone) {
        if (address.following != null) {
            address.following.end();
        }
        address.endpoints.forEach(endpoint -> remove(address, endpoint, gone));
        address.endpoints = List.of();
    }

    private void remove(Configured address, Endpoint endpoint, List<Endpoint> gone) {
        EndpointState state = endpoint.state();
        if (state.watch != null) {
            state.watch.end();
        }
        state.removed = true;
        endpoint.publish();
        address.leaves(endpoint);
        gone.add(endpoint);
    }

    private void tellOf(List<Endpoint> gone) {
        gone.forEach(endpoint -> removalListeners.forEach(listener -> listener.accept(endpoint)));
    }

    private void checked(Endpoint endpoint, CheckResult result) {
        (result.passed() ? passedChecks : failedChecks).increment();
        boolean changed;
        synchronized (this) {
            EndpointState state = endpoint.state();
            if (state.removed) {
                return;
            }
            state.lastCheck = result.detail();
            changed = state.verdict.note(result.passed());
            if (changed) {
                if (result.passed()) {
                    warmUp(endpoint);
                }
                publish();
            }
        }
        if (changed && result.passed()) {
            log.info("route={} target={} endpoint back address={}: {}", route, target.label(), endpoint,
                    result.detail());
        } else if (changed) {
            log.warn("route={} target={} endpoint lost address={}: {}", route, target.label(), endpoint,
                    result.detail());
        }
    }

    void succeeded(Endpoint endpoint) {
        boolean back;
        boolean reachedAgain;
        synchronized (this) {
            EndpointState state = endpoint.state();
            reachedAgain = !state.reachable && state.ejection.trust() != Trust.EJECTED;
            state.reachable |= reachedAgain;
            back = state.ejection.succeeded();
            if (back) {
                warmUp(endpoint);
                publish();
            } else {
                endpoint.publish();
            }
        }
        if (back || reachedAgain) {
            log.info("route={} target={} endpoint back address={}: it has answered", route, target.label(),
                    endpoint);
        }
    }

    void failed(Endpoint endpoint) {
        long outNanos = 0;
        synchronized (this) {
            if (endpoint.state().ejection.failed()) {
                outNanos = ejectIfSpared(endpoint);
            }
            endpoint.publish();
        }
        logEjected(endpoint, outNanos, health.eject().failures() + " failures in a row, or one on trial");
    }

    void connectFailed(Endpoint endpoint, String detail) {
        long outNanos = 0;
        boolean lost;
        synchronized (this) {
            EndpointState state = endpoint.state();
            lost = state.reachable && !state.removed;
            state.reachable = false;
            if (state.ejection.connectFailed()) {
                outNanos = ejectIfSpared(endpoint);
            }
            endpoint.publish();
        }
        logEjected(endpoint, outNanos, detail);
        if (lost && outNanos == 0) {
            log.warn("route={} target={} endpoint lost address={}: {}", route, target.label(), endpoint,
                    detail);
        }
    }

    private void logEjected(Endpoint endpoint, long nanos, String reason) {
        if (nanos > 0) {
            log.info("route={} target={} endpoint ejected address={} millis={}: {}", route, target.label(),
                    endpoint, Duration.ofNanos(nanos).toMillis(), reason);
        }
    }

    /** Answers for how long; 0 when it has to stay, since too many are out already. */
    private long ejectIfSpared(Endpoint endpoint) {
        EndpointState state = endpoint.state();
        int others = ejected(members.all).size() - (state.active() && !state.trusted() ? 1 : 0);
        if (!state.active() || others >= mostEjected(members.all, health.eject().atMost())) {
            state.ejection.spare();
            return 0;
        }
        long nanos = state.ejection.eject(around.nanos().getAsLong());
        ejections.increment();
        publish();
        return nanos;
    }

    private static long mostEjected(List<Endpoint> all, Share atMost) {
        long active = all.stream().filter(endpoint -> endpoint.state().active()).count();
        return active * atMost.ppm() / Share.WHOLE_PPM;
    }

    private static List<Endpoint> ejected(List<Endpoint> all) {
        return all.stream().filter(endpoint -> endpoint.state().active() && !endpoint.state().trusted())
                .toList();
    }

    /** When others leave, fewer may be out; the first to be tried anyway come back. */
    private void forgiveExcess(List<Endpoint> all) {
        List<Endpoint> ejected = ejected(all);
        long excess = ejected.size() - mostEjected(all, health.eject().atMost());
        if (excess > 0) {
            ejected.stream()
                    .sorted((one, other) -> Long.signum(one.state().ejection.nextTryNanos()
                            - other.state().ejection.nextTryNanos()))
                    .limit(excess)
                    .forEach(endpoint -> {
                        endpoint.state().ejection.forgive();
                        log.info("route={} target={} endpoint back address={}: too few others are left",
                                route,
                                target.label(), endpoint);
                    });
        }
    }

    /** Gives an ejected endpoint to one request, if no other was quicker. */
    synchronized boolean tryIfDue(Endpoint endpoint, long nowNanos) {
        if (endpoint.state().trusted() || !endpoint.due(nowNanos)) {
            return false;
        }
        tryOut(endpoint, nowNanos);
        return true;
    }

    /** Gives an ejected endpoint to a request that has no better one. */
    synchronized void tryOut(Endpoint endpoint, long nowNanos) {
        EndpointState state = endpoint.state();
        if (!state.trusted()) {
            state.ejection.tryOut(nowNanos);
            endpoint.publish();
        }
    }

    /** Those whose slow start is over get their full share. */
    synchronized void warmedUp(long nowNanos) {
        for (Endpoint endpoint : members.all) {
            EndpointState state = endpoint.state();
            state.warming = state.warming && state.warmAtNanos - nowNanos > 0;
        }
        publish();
    }

    private void warmUp(Endpoint endpoint) {
        EndpointState state = endpoint.state();
        state.warming = slowStartNanos() > 0;
        state.warmAtNanos = around.nanos().getAsLong() + slowStartNanos();
    }

    long slowStartNanos() {
        return health.slowStart().toNanos();
    }

    /** Under the lock, after anything that changes who comes into question. */
    private void publish() {
        List<Endpoint> all = configured.values().stream().flatMap(address -> address.endpoints.stream())
                .toList();
        forgiveExcess(all);
        List<Endpoint> ready = new ArrayList<>();
        boolean warming = false;
        long warmAtNanos = 0;
        for (Endpoint endpoint : all) {
            EndpointState state = endpoint.state();
            if (state.ready()) {
                ready.add(endpoint);
                if (state.warming) {
                    warmAtNanos = warming ? later(warmAtNanos, state.warmAtNanos) : state.warmAtNanos;
                    warming = true;
                }
            }
            endpoint.publish();
        }
        members = new Members(all, ready.toArray(Endpoint[]::new), ejected(all).toArray(Endpoint[]::new),
                warming,
                warmAtNanos);
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    Members members() {
        return members;
    }

    /** All endpoints, the drained and the unhealthy ones too. */
    public List<Endpoint> endpoints() {
        return members.all;
    }

    /** One for each configured address, in the order of the configuration. */
    public synchronized List<EndpointView> views() {
        return configured.values().stream().map(Configured::view).toList();
    }

    public long passedChecks() {
        return passedChecks.sum();
    }

    public long failedChecks() {
        return failedChecks.sum();
    }

    /** How often an endpoint was ejected. */
    public long ejections() {
        return ejections.sum();
    }

    /** Removes everything: names are no longer followed, nothing is checked. */
    public void close() {
        configure(Map.of());
    }
}
