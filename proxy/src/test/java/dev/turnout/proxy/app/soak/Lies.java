package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.failure.Kind;
import java.util.List;

/** Requests that are none. Each comes with another one behind it, which nobody may ever get. */
final class Lies {
    /**
     * One of them.
     *
     * @param kind why it is refused
     */
    record Lie(String text, Kind kind) {}

    static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: soak\r\nX-Token: " + Proof.POISON
            + "\r\n\r\n";

    static final List<Lie> ALL = List.of(
            bad("POISON\r\n\r\n"),
            bad("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
            bad("GET / HTTP/1.1\r\n\r\n"),
            bad("GET / HTTP/1.1\r\nHost: soak\r\nHost: soak\r\n\r\n"),
            bad("GET / HTTP/1.1\r\nHost : soak\r\n\r\n"),
            bad("GET / HTTP/1.1\nHost: soak\n\n"),
            bad("GET / HTTP/1.1\r\nHost: soak\r\nX: a\r\n b\r\n\r\n"),
            bad("GET / HTTP/1.1\r\nHost: soak\r\nX: a\rb\r\n\r\n"),
            bad("POST / HTTP/1.1\r\nHost: soak\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            bad("POST / HTTP/1.1\r\nHost: soak\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
            bad("POST / HTTP/1.1\r\nHost: soak\r\nContent-Length: 0, 0\r\n\r\n"),
            bad("POST / HTTP/1.1\r\nHost: soak\r\nContent-Length: -1\r\n\r\n"),
            new Lie("POST / HTTP/1.1\r\nHost: soak\r\nContent-Length: 99999999999\r\n\r\n",
                    Kind.BODY_TOO_LARGE),
            new Lie("GET / HTTP/3.0\r\nHost: soak\r\n\r\n", Kind.HTTP_VERSION),
            new Lie("CONNECT soak:80 HTTP/1.1\r\nHost: soak:80\r\n\r\n", Kind.UNSUPPORTED_METHOD),
            new Lie("POST / HTTP/1.1\r\nHost: soak\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                    Kind.UNSUPPORTED_CODING),
            new Lie("GET / HTTP/1.1\r\nHost: soak\r\nExpect: miracles\r\n\r\n", Kind.EXPECTATION_FAILED),
            new Lie("GET /" + "a".repeat(17 * 1024) + " HTTP/1.1\r\nHost: soak\r\n\r\n", Kind.URI_TOO_LONG),
            new Lie("GET / HTTP/1.1\r\nHost: soak\r\nX: " + "a".repeat(40 * 1024) + "\r\n\r\n",
                    Kind.HEADER_TOO_LARGE),
            new Lie("GET / HTTP/1.1\r\nHost: soak\r\n" + "X: a\r\n".repeat(101) + "\r\n",
                    Kind.HEADER_TOO_LARGE));

    /** What stands where a chunk should. */
    static final List<String> CHUNKS = List.of("xyz\r\n", "-1\r\n", "5\r\nabcdeXX", "5\nabcde\r\n",
            "ffffffffffffffffff\r\n", "1;\u0001\r\na\r\n", "0\r\nX : y\r\n\r\n", "0\r\nX: y\nZ: a\r\n\r\n");

    private Lies() {}

    private static Lie bad(String text) {
        return new Lie(text, Kind.BAD_REQUEST);
    }
}
