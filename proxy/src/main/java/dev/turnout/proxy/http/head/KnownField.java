package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/** The fields that the proxy itself acts on. Told apart by their length first: most fields cost one switch. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the name
public enum KnownField {
    // @formatter:off
    OTHER(0),
    HOST(0),
    CONTENT_LENGTH(0),
    TRANSFER_ENCODING(0),
    EXPECT(0),
    FORWARDED(1),
    X_FORWARDED_FOR(1 << 1),
    X_FORWARDED_HOST(1 << 2),
    X_FORWARDED_PROTO(1 << 3),
    X_REQUEST_ID(1 << 4),
    TRACEPARENT(1 << 5),
    TRACESTATE(1 << 6),
    CONNECTION(KnownField.HOP_BY_HOP),
    KEEP_ALIVE(KnownField.HOP_BY_HOP),
    PROXY_CONNECTION(KnownField.HOP_BY_HOP),
    TE(KnownField.HOP_BY_HOP),
    UPGRADE(KnownField.HOP_BY_HOP),
    HTTP2_SETTINGS(KnownField.HOP_BY_HOP);
    // @formatter:on

    private static final int HOP_BY_HOP = 1 << 31;

    private final int mark;
    private final byte[] lowerCaseName = Octets.ascii(name().toLowerCase(Locale.ROOT).replace('_', '-'));

    KnownField(int mark) {
        this.mark = mark;
    }

    /** Meant for the next hop only (RFC 9110 7.6.1), so never passed on. */
    boolean hopByHop() {
        return mark == HOP_BY_HOP;
    }

    /** A bit of its own for a field that says where a request came from; 0 for one whose presence nobody asks for. */
    int provenance() {
        return mark & ~HOP_BY_HOP;
    }

    byte[] lowerCaseName() {
        return lowerCaseName;
    }

    static KnownField of(ByteBuf in, int start, int end) {
        return switch (end - start) {
            case 2 -> TE.orOther(in, start, end);
            case 4 -> HOST.orOther(in, start, end);
            case 6 -> EXPECT.orOther(in, start, end);
            case 7 -> UPGRADE.orOther(in, start, end);
            case 9 -> FORWARDED.orOther(in, start, end);
            case 10 -> CONNECTION.is(in, start, end)
                    ? CONNECTION
                    : KEEP_ALIVE.is(in, start, end) ? KEEP_ALIVE : TRACESTATE.orOther(in, start, end);
            case 11 -> TRACEPARENT.orOther(in, start, end);
            case 12 -> X_REQUEST_ID.orOther(in, start, end);
            case 14 -> CONTENT_LENGTH.is(in, start, end)
                    ? CONTENT_LENGTH
                    : HTTP2_SETTINGS.orOther(in, start, end);
            case 15 -> X_FORWARDED_FOR.orOther(in, start, end);
            case 16 -> PROXY_CONNECTION.is(in, start, end)
                    ? PROXY_CONNECTION
                    : X_FORWARDED_HOST.orOther(in, start, end);
            case 17 -> TRANSFER_ENCODING.is(in, start, end)
                    ? TRANSFER_ENCODING
                    : X_FORWARDED_PROTO.orOther(in, start, end);
            default -> OTHER;
        };
    }

    private boolean is(ByteBuf in, int start, int end) {
        return Octets.same(in, start, end, lowerCaseName);
    }

    private KnownField orOther(ByteBuf in, int start, int end) {
        return is(in, start, end) ? this : OTHER;
    }
}
