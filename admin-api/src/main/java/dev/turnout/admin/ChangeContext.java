package dev.turnout.admin;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who asks for a change, and on what condition.
 *
 * @param actor the name of the token
 * @param reason in the operator's words
 * @param ifVersion the version of the route that the operator saw; a newer one refuses the change
 * @param key makes a repetition of this very request have no effect of its own
 */
public record ChangeContext(
        String actor,
        Optional<String> reason,
        OptionalLong ifVersion,
        Optional<IdempotencyKey> key) {
    /**
     * What the client calls this request; kept for 24 hours, for each actor apart.
     *
     * @param key of the client's choice
     * @param request all that the request asks for, in a form that two equal requests share
     */
    public record IdempotencyKey(String key, String request) {}
}
