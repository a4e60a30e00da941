package dev.turnout.proxy.pg;

import dev.turnout.config.Secret;
import dev.turnout.proxy.pg.auth.AuthException;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.Md5;
import dev.turnout.proxy.pg.auth.ScramServer;
import dev.turnout.proxy.pg.wire.ServerMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks a client who it is, as a server would (PostgreSQL, "SASL Authentication"). Confined to its loop. */
final class ClientLogin {
    private static final int MD5_SALT_BYTES = 4;
    private static final int NO_RESPONSE = -1;

    private final Accounts.Account account;
    private final byte[] md5Salt = new byte[MD5_SALT_BYTES];
    private @Nullable ScramServer scram;
    private boolean begun;

    /**
     * @param endPoint what the client's channel is bound to; null where it cannot be
     * @param tls whether the client speaks TLS
     */
    ClientLogin(Accounts.Account account, byte @Nullable [] endPoint, boolean tls, RandomGenerator random) {
        this.account = account;
        if (account.verifier() != null) {
            scram = new ScramServer(account.verifier(), endPoint, tls, random);
        } else {
            random.nextBytes(md5Salt);
        }
    }

    void begin(ByteBuf out) {
        if (scram != null) {
            ServerMessages.authenticationSasl(out, scram.mechanisms());
        } else {
            ServerMessages.authenticationMd5(out, md5Salt);
        }
    }

    /**
     * The client has answered. Answers what logs in to servers for it, or null when there is more to be said. Borrows
     * both buffers.
     */
    @Nullable
    Credentials answer(ByteBuf body, ByteBuf out) throws AuthException {
        ScramServer with = scram;
        if (with == null) {
            return md5(body);
        }
        if (!begun) {
            begun = true;
            first(with, body, out);
            return null;
        }
        byte[] last = with.clientFinal(ByteBufUtil.getBytes(body));
        ServerMessages.authenticationSaslFinal(out, last);
        return account.password() == null ? with.keys() : account.password();
    }

    private static void first(ScramServer with, ByteBuf body, ByteBuf out) throws AuthException {
        int nameBytes = body.bytesBefore((byte) 0);
        if (nameBytes < 0 || body.readableBytes() < nameBytes + 1 + Integer.BYTES) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "SASLInitialResponse: cut off (expected: a mechanism and a length)");
        }
        String mechanism = body.readCharSequence(nameBytes, StandardCharsets.US_ASCII).toString();
        int length = body.skipBytes(1).readInt();
        // What a message says of itself is no more than a claim (CVE-2026-6664).
        if (length == NO_RESPONSE || length != body.readableBytes()) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "SASLInitialResponse: a length of " + length + " (expected: "
                            + body.readableBytes() + ")");
        }
        ServerMessages.authenticationSaslContinue(out,
                with.clientFirst(mechanism, ByteBufUtil.getBytes(body)));
    }

    private Credentials md5(ByteBuf body) throws AuthException {
        Secret hash = Objects.requireNonNull(account.md5(), "md5");
        int bytes = body.bytesBefore((byte) 0);
        if (bytes < 0 || bytes != body.readableBytes() - 1) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "PasswordMessage: no terminator (expected: one, at its end)");
        }
        byte[] response = new byte[bytes];
        body.readBytes(response);
        if (!Md5.matches(hash, md5Salt, response)) {
            throw new AuthException(AuthException.Kind.CLIENT_WRONG, "the MD5 hash is another");
        }
        return new Credentials.Md5(hash);
    }
}
