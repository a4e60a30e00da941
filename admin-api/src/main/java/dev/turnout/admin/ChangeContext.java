package dev.turnout.admin;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who asks for a change, and on what condition.
 *
 * @param actor the name of the token
 * @param reason in the operator's words
 * @param ifVersion the version of the route that the operator saw; a newer one refuses the change
 */
public record ChangeContext(String actor, Optional<String> reason, OptionalLong ifVersion) {}
