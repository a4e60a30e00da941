package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The requests that were carried out, by the key that their client gave them. Kept for 24 hours, at most
 * {@value #MOST}: then the oldest goes. Not for concurrent use.
 */
final class Idempotency {
    static final Duration KEPT = Duration.ofHours(24);
    static final int MOST = 10_000;

    private record Owner(String actor, String key) {}

    /** Oldest first. */
    private final Map<Owner, RuntimeChange> carriedOut = new LinkedHashMap<>();

    /** Remembers a change, if it has a key. */
    void add(RuntimeChange change) {
        Stamp stamp = change.stamp();
        stamp.key().ifPresent(key -> carriedOut.put(new Owner(stamp.actor(), key.key()), change));
        if (carriedOut.size() > MOST) {
            carriedOut.remove(carriedOut.keySet().iterator().next());
        }
    }

    /** What came with this key, if that is not too long ago. */
    Optional<IdempotencyKey> find(String actor, String key, Instant now) {
        forget(now);
        return Optional.ofNullable(carriedOut.get(new Owner(actor, key))).flatMap(done -> done.stamp().key());
    }

    /** The changes that have to be kept for their keys, oldest first. */
    List<RuntimeChange> kept(Instant now) {
        forget(now);
        return List.copyOf(carriedOut.values());
    }

    private void forget(Instant now) {
        Instant oldest = now.minus(KEPT);
        carriedOut.values().removeIf(change -> change.stamp().at().isBefore(oldest));
    }
}
