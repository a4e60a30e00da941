package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeContext.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Who changed something, when and why.
 *
 * @param version the version that the change made
 * @param actor the name of the token
 * @param key so that the same request has no effect a second time
 */
record Stamp(
        long version,
        Instant at,
        String actor,
        Optional<String> reason,
        Optional<IdempotencyKey> key) {
    static Stamp of(ChangeContext context, long version, Instant at) {
        return new Stamp(version, at, context.actor(), context.reason(), context.key());
    }
}
