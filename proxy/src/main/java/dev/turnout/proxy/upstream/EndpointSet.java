package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
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

/**
 * The endpoints of one side of one route, and their state. Any thread: what changes takes the lock, briefly and without
 * waiting for anything under it; requests read {@link #members()} and take the lock only where something is wrong.
 */
public final class EndpointSet {
    private final EndpointLog log;
    private final int loops;
    private final Surroundings around;
    private final Map<Address, Configured> configured = new LinkedHashMap<>();
    private final List<Consumer<Endpoint>> removalListeners = new CopyOnWriteArrayList<>();
    private final LongAdder passedChecks = new LongAdder();
    private final LongAdder failedChecks = new LongAdder();
    private final LongAdder ejections = new LongAdder();
    /** What a change has to tell, once it has given back the lock. */
    private final List<Runnable> news = new ArrayList<>();
    private HealthConfig health;
    private boolean begun;
    private volatile Members members = Members.NONE;

    /** Empty until it is configured. */
    public EndpointSet(String route, Target target, HealthConfig health, int loops, Surroundings around) {
        log = new EndpointLog(route, target, around.events());
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

    /** Does it under the lock, then tells those who listen, without the lock, what came of it. */
    private void change(Runnable change) {
        List<Runnable> told;
        synchronized (this) {
            change.run();
            told = List.copyOf(news);
            news.clear();
        }
        told.forEach(Runnable::run);
    }

    /**
     * Sets which addresses there are, whether each is drained, and by which rules they get traffic. Endpoints of
     * addresses that stay keep their state, under other rules too: those are for what comes. Names get their endpoints
     * when they are resolved.
     */
    public void configure(Map<Address, EndpointState> wanted, HealthConfig rules) {
        change(() -> apply(wanted, rules));
    }

    private void apply(Map<Address, EndpointState> wanted, HealthConfig rules) {
        boolean otherRules = !rules.equals(health);
        health = rules;
        Map<Address, Configured> before = new LinkedHashMap<>(configured);
        configured.clear();
        List<Configured> added = new ArrayList<>();
        List<Configured> activated = new ArrayList<>();
        wanted.forEach((address, state) -> {
            boolean drained = state == EndpointState.DRAINED;
            Configured known = before.remove(address);
            if (known == null) {
                known = new Configured(address, !begun, drained);
                added.add(known);
            } else {
                if (known.drained && !drained) {
                    activated.add(known);
                }
                drain(known, drained);
            }
            configured.put(address, known);
        });
        // The others first: whether a new one has to prove itself depends on what they have become.
        before.values().forEach(this::remove);
        if (otherRules) {
            members.all.stream().filter(endpoint -> !endpoint.state().removed).forEach(this::follow);
        }
        activated.forEach(this::proveIfAlone);
        added.forEach(this::begin);
        begun = true;
        publish();
    }

    private void drain(Configured known, boolean drained) {
        if (known.drained && !drained) {
            known.endpoints.forEach(this::warmUp);
        }
        known.drained = drained;
        known.endpoints.forEach(endpoint -> endpoint.state().drained = drained);
    }

    /** One that was there, drained, and has not been checked yet is as good as one that is new. */
    private void proveIfAlone(Configured known) {
        if (configured.values().stream().flatMap(each -> each.endpoints.stream())
                .noneMatch(endpoint -> endpoint.state().ready())) {
            known.endpoints.stream().map(Endpoint::state).filter(state -> state.lastCheck.isEmpty()).forEach(
                    state -> state.verdict = new Verdict(health.rise(), health.fall(), true));
        }
    }

    /** From now on the rules in force hold for this one too. It keeps its state, and is checked anew. */
    private void follow(Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
        state.ejection.rules(health.eject());
        if (health.check() == Check.NONE) {
            uncheck(endpoint);
        } else {
            state.verdict.rules(health.rise(), health.fall());
            check(endpoint, !state.verdict.passed());
        }
    }

    private void uncheck(Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
        boolean out = !state.verdict.passed();
        state.endWatch();
        state.verdict = new Verdict(health.rise(), health.fall(), true);
        state.lastCheck = "";
        if (out) {
            warmUp(endpoint);
            news.add(() -> log.back(endpoint, "it is no longer checked"));
        }
    }

    private void check(Endpoint endpoint, boolean atOnce) {
        EndpointCondition state = endpoint.state();
        int number = state.endWatch();
        state.watchedBy(around.checks().watch(
                new Subject(endpoint.address(), endpoint.socketAddress(), atOnce), health,
                result -> checked(endpoint, number, result)));
    }

    private void begin(Configured added) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(added.address.host());
        if (literal == null) {
            added.following = around.names().follow(added.address.host(), ips -> resolved(added, ips));
        } else {
            replace(added, List.of(literal));
        }
    }

    /** DNS has new addresses for a name. */
    private void resolved(Configured name, List<InetAddress> ips) {
        change(() -> {
            if (configured.get(name.address) != name) {
                // Removed while the look-up was under way.
                return;
            }
            if (name.answered) {
                news.add(() -> log.resolved(name.address, ips));
            }
            replace(name, ips);
            publish();
        });
    }

    private void replace(Configured name, List<InetAddress> ips) {
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
                remove(name, endpoint);
            }
        }
        name.endpoints = List.copyOf(next);
    }

    /** Without any other to serve meanwhile, a new endpoint need not first prove itself. */
    private boolean othersReady(Configured name, List<InetAddress> ips) {
        for (Endpoint endpoint : members.all) {
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
            check(endpoint, !first);
        }
        return endpoint;
    }

    private void remove(Configured address) {
        if (address.following != null) {
            address.following.end();
        }
        address.endpoints.forEach(endpoint -> remove(address, endpoint));
        address.endpoints = List.of();
    }

    private void remove(Configured address, Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
        state.endWatch();
        state.removed = true;
        endpoint.publish();
        address.leaves(endpoint);
        news.add(() -> removalListeners.forEach(listener -> listener.accept(endpoint)));
    }

    private void checked(Endpoint endpoint, int watchNumber, CheckResult result) {
        change(() -> {
            EndpointCondition state = endpoint.state();
            if (!state.listensTo(watchNumber)) {
                return;
            }
            (result.passed() ? passedChecks : failedChecks).increment();
            state.lastCheck = result.detail();
            if (!state.verdict.note(result.passed())) {
                return;
            }
            if (result.passed()) {
                warmUp(endpoint);
                news.add(() -> log.back(endpoint, result.detail()));
            } else {
                news.add(() -> log.lost(endpoint, result.detail()));
            }
            publish();
        });
    }

    /** What the traffic has to say of an endpoint; of one that was removed it is no longer of interest. */
    private void report(Endpoint endpoint, Consumer<EndpointCondition> report) {
        change(() -> {
            EndpointCondition state = endpoint.state();
            if (!state.removed) {
                report.accept(state);
                endpoint.publish();
            }
        });
    }

    void succeeded(Endpoint endpoint) {
        report(endpoint, state -> {
            boolean back = state.ejection.succeeded();
            // What an ejected one still answers was asked before.
            boolean reachedAgain = state.trusted() && state.reachedAgain();
            if (back || reachedAgain) {
                news.add(() -> log.back(endpoint, "it has answered"));
            }
            if (back) {
                warmUp(endpoint);
                publish();
            }
        });
    }

    void failed(Endpoint endpoint) {
        report(endpoint, state -> {
            Ejection ejection = state.ejection;
            if (ejection.failed()) {
                ejectIfAllowed(endpoint, ejection.trust() == Trust.ON_TRIAL
                        ? "it was tried and failed again"
                        : "too many failures in a row (" + ejection.failures() + ")");
            }
        });
    }

    void connectFailed(Endpoint endpoint, String detail) {
        report(endpoint, state -> {
            boolean lost = state.unreachable(around.nanos().getAsLong());
            boolean ejected = state.ejection.connectFailed() && ejectIfAllowed(endpoint, detail);
            if (lost && !ejected) {
                news.add(() -> log.lost(endpoint, detail));
            }
        });
    }

    /** Answers whether it is out; it has to stay when too many are already. */
    private boolean ejectIfAllowed(Endpoint endpoint, String reason) {
        EndpointCondition state = endpoint.state();
        if (!budget().allows(state, members.all)) {
            state.ejection.spare();
            return false;
        }
        long nanos = state.ejection.eject(around.nanos().getAsLong());
        ejections.increment();
        news.add(() -> log.ejected(endpoint, nanos, reason));
        publish();
        return true;
    }

    private EjectionBudget budget() {
        return new EjectionBudget(health.eject().atMost());
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
    void warmedUp(long nowNanos) {
        change(() -> {
            for (Endpoint endpoint : members.all) {
                EndpointCondition state = endpoint.state();
                if (state.warmAtNanos - nowNanos <= 0) {
                    state.slowStartNanos = 0;
                }
            }
            publish();
        });
    }

    private void warmUp(Endpoint endpoint) {
        EndpointCondition state = endpoint.state();
        state.slowStartNanos = health.slowStart().toNanos();
        state.warmAtNanos = around.nanos().getAsLong() + state.slowStartNanos;
    }

    /** Under the lock, after anything that changes who comes into question. */
    private void publish() {
        List<Endpoint> all = configured.values().stream().flatMap(address -> address.endpoints.stream())
                .toList();
        for (Endpoint endpoint : budget().excess(all)) {
            endpoint.state().ejection.forgive();
            news.add(() -> log.back(endpoint, "it cannot be spared"));
        }
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
        change(() -> apply(Map.of(), health));
    }
}
