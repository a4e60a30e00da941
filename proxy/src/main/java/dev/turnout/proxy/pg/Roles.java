package dev.turnout.proxy.pg;

import dev.turnout.proxy.upstream.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Which endpoints of a side are standbys, as far as they have said so at a login ({@code in_hot_standby}, reported since
 * PostgreSQL 14), and in which order they are therefore tried. Any thread.
 */
public final class Roles {
    private final Map<Endpoint, Boolean> standbys = new ConcurrentHashMap<>();

    void seen(Endpoint endpoint, boolean standby) {
        if (!endpoint.removed()) {
            standbys.put(endpoint, standby);
        }
    }

    /** It is no longer of this side. */
    public void forget(Endpoint endpoint) {
        standbys.remove(endpoint);
    }

    /**
     * The endpoints that may serve a session, those that most likely can first. None that an operator drained.
     *
     * @param reads whether standbys come first, and share the work; else a primary is wanted, the one that is named first
     */
    List<Endpoint> candidates(Collection<Endpoint> endpoints, boolean reads, RandomGenerator random) {
        List<Endpoint> candidates = new ArrayList<>(endpoints);
        candidates.removeIf(Endpoint::drained);
        if (reads) {
            Collections.shuffle(candidates, random);
        }
        candidates.sort(Comparator.<Endpoint, Boolean>comparing(endpoint -> !endpoint.healthy())
                .thenComparingInt(endpoint -> unfitness(endpoint, reads)));
        return candidates;
    }

    private int unfitness(Endpoint endpoint, boolean reads) {
        Boolean standby = standbys.get(endpoint);
        if (standby == null) {
            return 1;
        }
        return standby == reads ? 0 : 2;
    }
}
