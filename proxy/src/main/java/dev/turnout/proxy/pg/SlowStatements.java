package dev.turnout.proxy.pg;

import dev.turnout.proxy.pg.session.ClientMessage;
import dev.turnout.proxy.pg.session.NormalisedSql;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the statements of one session that took long, with placeholders where their values stood. Confined to the
 * session's loop.
 */
final class SlowStatements {
    private static final Logger log = LoggerFactory.getLogger(SlowStatements.class);
    /** As much of a statement as is remembered. */
    private static final int MOST_BYTES = 2048;
    /** Names that are remembered; of a session with more the oldest are forgotten. */
    private static final int MOST_NAMES = 1000;
    private static final byte[] UNKNOWN = "(prepared earlier)".getBytes(StandardCharsets.UTF_8);
    private static final byte[] FUNCTION = "(function call)".getBytes(StandardCharsets.UTF_8);

    private final String session;
    private final long thresholdNanos;
    private final LongSupplier nanos;
    /** Texts by the names of statements, and of portals. */
    private final Map<String, byte[]> statements = bounded();
    private final Map<String, byte[]> portals = bounded();
    private long lastEndNanos;

    /** One that is under way. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Running(byte[] sql, long sentNanos) {}

    /** @param session {@code route=… target=… session=… user=… database=…}, for the log */
    SlowStatements(String session, long thresholdNanos, LongSupplier nanos) {
        this.session = session;
        this.thresholdNanos = thresholdNanos;
        this.nanos = nanos;
        lastEndNanos = nanos.getAsLong();
    }

    private static Map<String, byte[]> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
                return size() > MOST_NAMES;
            }
        };
    }

    /** How many bytes of such a message's body are wanted. */
    int wanted(byte type) {
        return switch (type) {
            case ClientMessage.QUERY, ClientMessage.PARSE, ClientMessage.BIND, ClientMessage.EXECUTE ->
                MOST_BYTES;
            default -> 0;
        };
    }

    /** A message passes by; answers what is to be remembered of it until it is answered. Borrows the buffer. */
    @Nullable
    Object sent(byte type, ByteBuf in, int index, int count) {
        ByteBuf body = in.slice(index, count);
        return switch (type) {
            case ClientMessage.QUERY -> running(ByteBufUtil.getBytes(body));
            case ClientMessage.FUNCTION_CALL -> running(FUNCTION);
            case ClientMessage.PARSE -> {
                statements.put(name(body), ByteBufUtil.getBytes(body));
                yield null;
            }
            case ClientMessage.BIND -> {
                String portal = name(body);
                portals.put(portal, statements.getOrDefault(name(body), UNKNOWN));
                yield null;
            }
            case ClientMessage.EXECUTE -> running(portals.getOrDefault(name(body), UNKNOWN));
            default -> null;
        };
    }

    private Running running(byte[] sql) {
        return new Running(sql, nanos.getAsLong());
    }

    private static String name(ByteBuf body) {
        int bytes = body.bytesBefore((byte) 0);
        if (bytes < 0) {
            return body.readCharSequence(body.readableBytes(), StandardCharsets.ISO_8859_1).toString();
        }
        String name = body.readCharSequence(bytes, StandardCharsets.ISO_8859_1).toString();
        body.skipBytes(1);
        return name;
    }

    /** A statement has ended. {@code note} is what {@link #sent} answered for it. */
    void ended(@Nullable Object note) {
        long now = nanos.getAsLong();
        if (note instanceof Running running) {
            // In a pipeline it had to wait for those before it.
            long took = now - Math.max(running.sentNanos, lastEndNanos);
            if (took >= thresholdNanos) {
                log.info("slow statement {} millis={} sql={}", session, took / 1_000_000,
                        NormalisedSql.of(running.sql));
            }
        }
        lastEndNanos = now;
    }
}
