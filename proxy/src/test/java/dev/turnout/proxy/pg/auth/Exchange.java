package dev.turnout.proxy.pg.auth;

import dev.turnout.config.Secret;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the tests of both ends share. */
final class Exchange {
    static final String PASSWORD = "pencil";
    static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    static final int ITERATIONS = 7;
    static final Verifier VERIFIER = Verifier.of(PASSWORD, SALT, ITERATIONS);
    static final byte[] END_POINT = Sha256.hash(SALT);
    static final Credentials RIGHT = new Credentials.Password(new Secret(PASSWORD));

    private Exchange() {}

    static ScramServer server(byte @Nullable [] endPoint) {
        return new ScramServer(VERIFIER, endPoint, true, new Random(1));
    }

    static ScramServer server() {
        return new ScramServer(VERIFIER, null, false, new Random(1));
    }

    static ScramClient client(Credentials credentials) throws AuthException {
        return new ScramClient(credentials, List.of(Scram.PLAIN), null, false, new Random(2));
    }

    /** To the end, or to the first refusal. */
    static Credentials.Keys run(ScramClient client, ScramServer server) throws AuthException {
        byte[] first = server.clientFirst(client.mechanism(), client.first());
        client.last(server.clientFinal(client.next(first)));
        return server.keys();
    }

    static Credentials.Keys keys() throws AuthException {
        return run(client(RIGHT), server());
    }
}
