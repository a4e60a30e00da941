package dev.turnout.proxy.upstream;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints of one side for one event loop: of two at random the one with fewer requests of this loop under way.
 * Confined to that loop. One endpoint costs one array read; without trouble nothing else is looked at than the ready
 * ones.
 */
public final class Balancer {
    /** Endpoints that one request is tried on, the first one included. */
    static final int MOST_TRIES = 4;
    /** Draws after which even one that warms up is taken; reached once in a thousand times when all are quite cold. */
    private static final int MOST_DRAWS = 64;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final EndpointSet set;
    private final int loop;
    private final SplittableRandom random;
    private final LongSupplier nanos;

    Balancer(EndpointSet set, int loop, long seed, LongSupplier nanos) {
        this.set = set;
        this.loop = loop;
        this.nanos = nanos;
        random = new SplittableRandom(seed);
    }

    /** For a new request; null when no endpoint of the side comes into question. */
    public @Nullable Endpoint choose() {
        Members members = set.members();
        return members.plain ? lessBusy(members.ready) : chooseWithCare(members);
    }

    /**
     * For a request whose connect failed on every one of {@code tried}: one of the others, at last even an ejected one;
     * null when there is none, or when it was tried often enough.
     */
    public @Nullable Endpoint another(List<Endpoint> tried) {
        if (tried.size() >= MOST_TRIES) {
            return null;
        }
        Members members = set.members();
        Endpoint ready = untried(members.ready, tried);
        if (ready != null) {
            return ready;
        }
        Endpoint ejected = untried(members.ejected, tried);
        if (ejected != null) {
            set.tryOut(ejected, nanos.getAsLong());
        }
        return ejected;
    }

    private @Nullable Endpoint untried(Endpoint[] among, List<Endpoint> tried) {
        int start = among.length == 0 ? 0 : random.nextInt(among.length);
        for (int i = 0; i < among.length; i++) {
            Endpoint endpoint = among[(start + i) % among.length];
            if (!tried.contains(endpoint)) {
                return endpoint;
            }
        }
        return null;
    }

    private @Nullable Endpoint chooseWithCare(Members members) {
        long now = nanos.getAsLong();
        for (Endpoint endpoint : members.ejected) {
            if (endpoint.due(now) && set.tryIfDue(endpoint, now)) {
                return endpoint;
            }
        }
        if (members.warming && members.warmAtNanos - now > 0) {
            return lessBusyByWeight(members.ready, now);
        }
        if (members.warming) {
            set.warmedUp(now);
        }
        return lessBusy(members.ready);
    }

    private @Nullable Endpoint lessBusy(Endpoint[] ready) {
        int count = ready.length;
        if (count <= 1) {
            return count == 0 ? null : ready[0];
        }
        long bits = random.nextLong();
        int first = scale(bits >>> 32, count);
        int second = scale(bits & LOW_HALF, count - 1);
        if (second >= first) {
            second++;
        }
        Endpoint one = ready[first];
        Endpoint other = ready[second];
        return other.inFlight(loop) < one.inFlight(loop) ? other : one;
    }

    /** A number from 0 to {@code count - 1} for 32 random bits; without a division. */
    private static int scale(long bits, int count) {
        return (int) ((bits * count) >>> 32);
    }

    /**
     * Each candidate is drawn in proportion to its weight. Requests under way count in proportion too: else one with a
     * tenth of the weight, less busy for that very reason, would win whenever it is drawn.
     */
    private @Nullable Endpoint lessBusyByWeight(Endpoint[] ready, long now) {
        if (ready.length <= 1) {
            return ready.length == 0 ? null : ready[0];
        }
        Endpoint one = draw(ready, now);
        Endpoint other = draw(ready, now);
        return other.inFlight(loop) * one.weight(now) < one.inFlight(loop) * other.weight(now) ? other : one;
    }

    private Endpoint draw(Endpoint[] ready, long now) {
        Endpoint drawn = ready[random.nextInt(ready.length)];
        for (int draws = 1; draws < MOST_DRAWS && random.nextDouble() >= drawn.weight(now); draws++) {
            drawn = ready[random.nextInt(ready.length)];
        }
        return drawn;
    }
}
