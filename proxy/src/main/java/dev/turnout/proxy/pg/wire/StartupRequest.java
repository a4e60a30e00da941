package dev.turnout.proxy.pg.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends first, and again after a request for encryption (PostgreSQL, "Message Formats": StartupMessage,
 * SSLRequest, GSSENCRequest, CancelRequest).
 */
public sealed interface StartupRequest {
    /** As much as PostgreSQL takes (MAX_STARTUP_PACKET_LENGTH, which does not count the length itself). */
    int MAX_BYTES = 10_004;
    /** The newest version of the protocol that there is, 3.2. */
    int NEWEST_MINOR = 2;

    /** The client would speak TLS. */
    record Tls() implements StartupRequest {}

    /** The client would speak GSSAPI encryption. */
    record Gss() implements StartupRequest {}

    /**
     * A session's command is to be cancelled.
     *
     * @param key 4 bytes, or up to 256 from version 3.2 on
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Cancel(int pid, byte[] key) implements StartupRequest {}

    /**
     * A session is to begin.
     *
     * @param minor of version 3, as the client asked for it
     * @param parameters in their order; {@code _pq_.} ones are not among them
     * @param unknownOptions names of parameters that begin with {@code _pq_.}
     */
    record Start(int minor, SequencedMap<String, String> parameters, List<String> unknownOptions)
            implements
                StartupRequest {}

    /** It is none of these. */
    record Malformed(String detail) implements StartupRequest {}

    /** Takes one request from the buffer when it is there as a whole; null: it is not yet. */
    static @Nullable StartupRequest read(ByteBuf in) {
        return StartupReader.read(in);
    }
}
