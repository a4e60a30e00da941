package dev.turnout.admin.security;

import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Who gets in now: whoever has a token, or a session that was opened with one. Any thread. */
public final class Access {
    private final Sessions sessions;
    private volatile Optional<TokenConfig> local;
    private volatile Tokens tokens;

    /** @param configured empty: a token is made at random */
    public Access(List<TokenConfig> configured, SecureRandom random, InstantSource clock) {
        local = configured.isEmpty() ? Optional.of(LocalToken.make(random)) : Optional.empty();
        tokens = new Tokens(local.map(List::of).orElse(configured));
        sessions = new Sessions(random, clock);
    }

    /** Whether the one token is the one that was made. */
    public boolean isLocal() {
        return local.isPresent();
    }

    /** Writes the token that was made to its file; removes the file where none was made. */
    public void writeLocalToken(Path stateDir) throws IOException {
        Optional<TokenConfig> made = local;
        if (made.isPresent()) {
            LocalToken.write(stateDir, made.get());
        } else {
            LocalToken.remove(stateDir);
        }
    }

    /** Whose token this is; empty: nobody's. */
    public Optional<Principal> owner(Secret token) {
        return tokens.owner(token);
    }

    /** The session with this id; empty: there is none, or it is over. */
    public Optional<Session> session(Secret id) {
        return sessions.find(id);
    }

    /** Opens a session; empty: nobody's token. */
    public synchronized Optional<Login> login(Secret token) {
        return tokens.owner(token).map(owner -> sessions.open(token, owner));
    }

    /** Ends a session; nothing happens when there is none. */
    public void logout(Secret id) {
        sessions.end(id);
    }

    /**
     * Lets in whoever has one of these; a session ends when its token is gone, or has another name or role.
     *
     * @param next empty: the token that was made goes on; where none was, it takes a restart, and
     *     IllegalArgumentException says so
     */
    public synchronized void replace(List<TokenConfig> next) {
        if (next.isEmpty() && isLocal()) {
            return;
        }
        if (next.isEmpty()) {
            throw new IllegalArgumentException(
                    "admin.tokens: none (expected: at least one, as at the start; a restart"
                            + " makes a token, and keeps the admin API on loopback)");
        }
        tokens = new Tokens(next);
        local = Optional.empty();
        sessions.keepOnly(tokens);
    }

    /**
     * A session that was just opened.
     *
     * @param id opens everything that the token does; never part of a message
     */
    public record Login(Secret id, Session session) {}
}
