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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one side of one route, and their state. Any thread: what changes takes the lock, briefly and without
 * waiting for anything under it; requests read {@link #members()} and take the lock only where something is wrong.
 */
public final class EndpointSet {
    private final EndpointLog log;
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
        log = new EndpointLog(route, target);
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
            for (Configured known : List.copyOf(configured.values())) {
                @Nullable
                Boolean drained = wanted.get(known.address);
                if (drained == null) {
                    configured.remove(known.address);
                    remove(known, gone);
                } else {
                    drain(known, drained);
                }
            }
            // The others first: whether a new one has to prove itself depends on what they have become.
            Map<Address, Configured> before = Map.copyOf(configured);
            configured.clear();
            wanted.forEach((address, drained) -> {
                Configured known = before.get(address);
                configured.put(address, known != null ? known : new Configured(address, !begun, drained));
            });
            configured.values().stream().filter(address -> !before.containsKey(address.address))
                    .forEach(added -> begin(added, gone));
            begun = true;
            publish();
        }
        tellOf(gone);
    }

    private void drain(Configured known, boolean drained) {
        if (known.drained && !drained) {
            known.endpoints.forEach(this::warmUp);
        }
        known.drained = drained;
        known.endpoints.forEach(endpoint -> endpoint.state().drained = drained);
    }

    private void begin(Configured added, List<Endpoint> gone) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(added.address.host());
        if (literal == null) {
            added.following = around.names().follow(added.address.host(), ips -> resolved(added, ips));
        } else {
            replace(added, List.of(literal), gone);
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
            log.resolved(name.address, ips);
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
        EndpointCondition state = new EndpointCondition(new Ejection(health.eject(), around.random()),
                new Verdict(health.rise(), health.fall(), proven || !checked));
        state.drained = name.drained;
        InetSocketAddress socketAddress = new InetSocketAddress(ip, name.address.port());
        Endpoint endpoint = new Endpoint(this, name.address, socketAddress, loops, state);
        if (!proven) {
            warmUp(endpoint);
        }
        if (checked) {
            state.watch = around.checks().watch(
                    new Subject(name.address, socketAddress, !first), health,
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
        EndpointCondition state = endpoint.state();
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
            EndpointCondition state = endpoint.state();
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
            log.back(endpoint, result.detail());
        } else if (changed) {
            log.lost(endpoint, result.detail());
        }
    }

    void succeeded(Endpoint endpoint) {
        boolean news;
        synchronized (this) {
            EndpointCondition state = endpoint.state();
            boolean back = state.ejection.succeeded();
            // What an ejected one still answers was asked before.
            boolean reachedAgain = state.trusted() && state.reachedAgain();
            news = back || reachedAgain;
            if (back) {
                warmUp(endpoint);
                publish();
            } else {
                endpoint.publish();
            }
        }
        if (news) {
            log.back(endpoint, "it has answered");
        }
    }

    void failed(Endpoint endpoint) {
        long outNanos = 0;
        synchronized (this) {
            if (endpoint.state().ejection.failed()) {
                outNanos = ejectIfAllowed(endpoint);
            }
            endpoint.publish();
        }
        if (outNanos > 0) {
            log.ejected(endpoint, outNanos, "too many failures in a row");
        }
    }

    void connectFailed(Endpoint endpoint, String detail) {
        long outNanos = 0;
        boolean lost;
        synchronized (this) {
            EndpointCondition state = endpoint.state();
            lost = state.unreachable(around.nanos().getAsLong());
            if (state.ejection.connectFailed()) {
                outNanos = ejectIfAllowed(endpoint);
            }
            endpoint.publish();
        }
        if (outNanos > 0) {
            log.ejected(endpoint, outNanos, detail);
        } else if (lost) {
            log.lost(endpoint, detail);
        }
    }

    /** Answers for how long; 0 when it has to stay, since too many are out already. */
    private long ejectIfAllowed(Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
        long others = members.all.stream().map(Endpoint::state).filter(EndpointCondition::ejected)
                .filter(other -> other != state).count();
        if (!state.active() || others >= mostEjected(members.all)) {
            state.ejection.spare();
            return 0;
        }
        long nanos = state.ejection.eject(around.nanos().getAsLong());
        ejections.increment();
        publish();
        return nanos;
    }

    private long mostEjected(List<Endpoint> all) {
        long active = all.stream().filter(endpoint -> endpoint.state().active()).count();
        return active * health.eject().atMost().ppm() / Share.WHOLE_PPM;
    }

    /** When others leave, fewer may be out; the first to be tried anyway come back. */
    private void forgiveExcess(List<Endpoint> all) {
        List<Endpoint> ejected = all.stream().filter(endpoint -> endpoint.state().ejected()).toList();
        long excess = ejected.size() - mostEjected(all);
        if (excess > 0) {
            ejected.stream()
                    .sorted((one, other) -> Long.signum(one.state().ejection.nextTryNanos()
                            - other.state().ejection.nextTryNanos()))
                    .limit(excess)
                    .forEach(endpoint -> {
                        endpoint.state().ejection.forgive();
                        log.back(endpoint, "too few others are left");
                    });
        }
    }

    /** Gives an ejected endpoint to one request, if no other was quicker. */
    synchronized boolean tryIfDue(Endpoint endpoint, long nowNanos) {
        if (!endpoint.state().ejected() || !endpoint.due(nowNanos)) {
            return false;
        }
        tryOut(endpoint, nowNanos);
        return true;
    }

    /** Gives an ejected endpoint to a request that has no better one. */
    synchronized void tryOut(Endpoint endpoint, long nowNanos) {
        EndpointCondition state = endpoint.state();
        if (!state.trusted()) {
            state.ejection.tryOut(nowNanos);
            endpoint.publish();
        }
    }

    /** Those whose slow start is over get their full share. */
    synchronized void warmedUp(long nowNanos) {
        for (Endpoint endpoint : members.all) {
            EndpointCondition state = endpoint.state();
            state.warming = state.warming && state.warmAtNanos - nowNanos > 0;
        }
        publish();
    }

    private void warmUp(Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
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
        all.forEach(Endpoint::publish);
        members = Members.of(all);
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
