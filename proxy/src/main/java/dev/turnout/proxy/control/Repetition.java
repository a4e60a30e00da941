package dev.turnout.proxy.control;

import java.util.List;

/**
 * Nothing had to change, but the request has been carried out: with its idempotency key it has no effect later either.
 *
 * @param stamp of the version that was there already
 */
record Repetition(Stamp stamp) implements RuntimeChange {
    @Override
    public List<String> routes() {
        return List.of();
    }
}
