package dev.turnout.admin.security;

import dev.turnout.config.Secret;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookie that holds a session's id (RFC 6265). */
public final class SessionCookie {
    public static final String NAME = "turnout_session";

    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";
    private static final Pattern PAIRS = Pattern.compile(";");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private SessionCookie() {}

    /**
     * Reads the id.
     *
     * @param lines every line of the header {@code Cookie}; two ids name two callers, so they name none
     */
    public static Optional<Secret> of(List<String> lines) {
        String prefix = NAME + "=";
        List<String> ids = lines.stream()
                .flatMap(PAIRS::splitAsStream)
                .map(String::strip)
                .filter(pair -> pair.startsWith(prefix))
                .map(pair -> pair.substring(prefix.length()))
                .toList();
        return ids.size() == 1 && ID.matcher(ids.getFirst()).matches()
                ? Optional.of(new Secret(ids.getFirst()))
                : Optional.empty();
    }

    /** Has a browser keep the id as long as the session lasts, from every script and every other site. */
    public static String set(Secret id) {
        return NAME + "=" + id.reveal() + ATTRIBUTES + Sessions.LIFETIME.toSeconds();
    }

    /** Has a browser forget it. */
    public static String clear() {
        return NAME + "=" + ATTRIBUTES + "0";
    }
}
