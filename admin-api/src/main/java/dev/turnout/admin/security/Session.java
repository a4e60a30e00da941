package dev.turnout.admin.security;

import java.time.Instant;

/**
 * What a browser has instead of a token.
 *
 * @param owner of the token that it was opened with
 */
public record Session(Principal owner, Instant expires) {}
