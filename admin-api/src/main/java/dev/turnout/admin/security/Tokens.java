package dev.turnout.admin.security;

import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Every token that is accepted, as a digest. Comparing takes the same time whether a token is right, nearly right or
 * wrong: digests of equal length, all of them, without stopping at the first that fits.
 */
public final class Tokens {
    private final List<byte[]> digests;
    private final List<Principal> owners;

    public Tokens(List<TokenConfig> tokens) {
        digests = tokens.stream().map(token -> digest(token.token())).toList();
        owners = tokens.stream().map(token -> new Principal(token.name(), token.role())).toList();
    }

    /** Whose token this is; empty: nobody's. */
    public Optional<Principal> owner(Secret presented) {
        return ownerOf(digest(presented));
    }

    /** Whose token has this digest. */
    Optional<Principal> ownerOf(byte[] digest) {
        Optional<Principal> owner = Optional.empty();
        for (int i = 0; i < digests.size(); i++) {
            if (MessageDigest.isEqual(digests.get(i), digest)) {
                owner = Optional.of(owners.get(i));
            }
        }
        return owner;
    }

    private static byte[] digest(Secret token) {
        return Sha256.of(token.reveal());
    }
}
