package dev.turnout.proxy.pg;

import dev.turnout.config.Secret;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.pg.auth.AuthException;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.EndPoint;
import dev.turnout.proxy.pg.auth.Md5;
import dev.turnout.proxy.pg.auth.ScramClient;
import dev.turnout.proxy.pg.wire.ClientMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers a server that asks who is there (PostgreSQL, "Start-up" and "SASL Authentication"). Confined to its loop. */
final class Conversation {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;
    private static final int MD5_SALT_BYTES = 4;

    private final Credentials credentials;
    private final RandomGenerator random;
    private @Nullable SslHandler tls;
    private @Nullable ScramClient scram;
    /** A server that has begun to prove who it is must have done so in the end. */
    private boolean proofOwed;
    private boolean authenticated;

    Conversation(Credentials credentials, RandomGenerator random) {
        this.credentials = credentials;
        this.random = random;
    }

    /** From now on it goes through this. */
    void protectedBy(SslHandler handler) {
        tls = handler;
    }

    boolean authenticated() {
        return authenticated;
    }

    /**
     * Answers one Authentication message, when it wants an answer. Borrows all.
     *
     * @param user each character a byte
     */
    void answer(ByteBuf body, String user, ByteBuf out) throws AuthException {
        if (body.readableBytes() < Integer.BYTES) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "Authentication: " + body.readableBytes() + " bytes (expected: 4 or more)");
        }
        int kind = body.readInt();
        switch (kind) {
            case OK -> {
                if (proofOwed) {
                    throw new AuthException(AuthException.Kind.SERVER_WRONG,
                            "the server let the session in without proving that it knows the"
                                    + " password (expected: its signature)");
                }
                authenticated = true;
            }
            case CLEARTEXT -> cleartext(out);
            case MD5 -> md5(body, user, out);
            case SASL -> sasl(body, out);
            case SASL_CONTINUE -> ClientMessages.saslResponse(out, scram().next(ByteBufUtil.getBytes(body)));
            case SASL_FINAL -> {
                scram().last(ByteBufUtil.getBytes(body));
                proofOwed = false;
            }
            default -> throw new AuthException(AuthException.Kind.SERVER_WRONG,
                    "the server asks for authentication method " + kind
                            + " (expected: scram-sha-256, md5, password over TLS, cert or trust for this user in its"
                            + " pg_hba.conf)");
        }
    }

    private ScramClient scram() throws AuthException {
        if (scram == null) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "the server goes on with SASL, which was not begun");
        }
        return scram;
    }

    private String known() {
        return switch (credentials) {
            case Credentials.None _ -> "nothing";
            case Credentials.Password _ -> "the password";
            case Credentials.Md5 _ -> "its MD5 hash";
            case Credentials.Keys _ -> "what the client's proof gave away";
        };
    }

    private void cleartext(ByteBuf out) throws AuthException {
        if (tls == null) {
            throw new AuthException(AuthException.Kind.SERVER_WRONG,
                    "the server asks for the password in clear text on a connection without TLS"
                            + " (expected: scram-sha-256 in its pg_hba.conf, or tls.mode = require for this side)");
        }
        if (!(credentials instanceof Credentials.Password(Secret password, _))) {
            throw new AuthException(AuthException.Kind.SERVER_WRONG,
                    "the server asks for the password itself, and only "
                            + known()
                            + " is known (expected: scram-sha-256 in its pg_hba.conf, or the password"
                            + " in auth.users)");
        }
        ClientMessages.password(out, password.reveal().getBytes(StandardCharsets.UTF_8));
    }

    private void md5(ByteBuf body, String user, ByteBuf out) throws AuthException {
        if (body.readableBytes() != MD5_SALT_BYTES) {
            throw new AuthException(AuthException.Kind.PROTOCOL,
                    "MD5 salt: " + body.readableBytes() + " bytes (expected: 4)");
        }
        byte[] salt = ByteBufUtil.getBytes(body);
        String name = new String(user.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        Secret hash = switch (credentials) {
            case Credentials.Password(Secret password, _) -> new Secret(Md5.hash(password.reveal(), name));
            case Credentials.Md5(Secret stored) -> stored;
            case Credentials.Keys _,Credentials.None _ ->
                throw new AuthException(AuthException.Kind.SERVER_WRONG,
                        "the server asks for an MD5 hash of the password, and only "
                                + known() + " is known (expected: scram-sha-256 in its pg_hba.conf, or the"
                                + " password in auth.users)");
        };
        ClientMessages.password(out, Md5.response(hash, salt));
    }

    private void sasl(ByteBuf body, ByteBuf out) throws AuthException {
        List<String> offered = new ArrayList<>();
        int end = body.bytesBefore((byte) 0);
        while (end > 0) {
            offered.add(body.readCharSequence(end, StandardCharsets.US_ASCII).toString());
            body.skipBytes(1);
            end = body.bytesBefore((byte) 0);
        }
        X509Certificate certificate = tls == null ? null : ClientTls.serverCertificate(tls).orElse(null);
        byte[] endPoint = certificate == null ? null : EndPoint.of(certificate);
        scram = new ScramClient(credentials, offered, endPoint, tls != null, random);
        proofOwed = true;
        ClientMessages.saslInitialResponse(out, scram.mechanism(), scram.first());
    }
}
