package dev.turnout.admin.security;

import dev.turnout.config.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;

/** The sessions that are open, in memory; the oldest gives way. Ids are kept as digests only. Any thread. */
final class Sessions {
    static final int MAX = 1000;
    static final Duration LIFETIME = Duration.ofHours(12);
    private static final int ID_BYTES = 32;

    private final LinkedHashMap<String, Kept> byId = new LinkedHashMap<>();
    private final SecureRandom random;
    private final InstantSource clock;

    /** @param token the digest of the token that opened it: with another token of the same name it ends */
    private record Kept(String token, Session session) {}

    Sessions(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    synchronized Access.Login open(Secret token, Principal owner) {
        byId.values().removeIf(kept -> isOver(kept.session()));
        if (byId.size() == MAX) {
            byId.pollFirstEntry();
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Session session = new Session(owner, clock.instant().plus(LIFETIME));
        byId.put(Sha256.hex(id), new Kept(Sha256.hex(token.reveal()), session));
        return new Access.Login(new Secret(id), session);
    }

    synchronized Optional<Session> find(Secret id) {
        return Optional.ofNullable(byId.get(Sha256.hex(id.reveal()))).map(Kept::session)
                .filter(session -> !isOver(session));
    }

    synchronized void end(Secret id) {
        byId.remove(Sha256.hex(id.reveal()));
    }

    /** Ends those whose token is not among these, or has another name or role there. */
    synchronized void keepOnly(Tokens tokens) {
        byId.values()
                .removeIf(kept -> !tokens.ownerOf(HexFormat.of().parseHex(kept.token()))
                        .equals(Optional.of(kept.session().owner())));
    }

    private boolean isOver(Session session) {
        return !clock.instant().isBefore(session.expires());
    }
}
