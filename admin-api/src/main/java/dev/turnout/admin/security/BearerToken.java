package dev.turnout.admin.security;

import dev.turnout.config.Secret;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The token of an {@code Authorization} header. */
public final class BearerToken {
    /** RFC 6750, 2.1; the scheme's letter case does not matter (RFC 9110, 11.1). */
    private static final Pattern CREDENTIALS = Pattern.compile("(?i:Bearer) +([\\x21-\\x7E]+) *");

    private BearerToken() {}

    /**
     * Reads the token.
     *
     * @param authorization every line of that header; two lines name two callers, so they name none
     */
    public static Optional<Secret> of(List<String> authorization) {
        if (authorization.size() != 1) {
            return Optional.empty();
        }
        Matcher credentials = CREDENTIALS.matcher(authorization.getFirst());
        return credentials.matches() ? Optional.of(new Secret(credentials.group(1))) : Optional.empty();
    }
}
