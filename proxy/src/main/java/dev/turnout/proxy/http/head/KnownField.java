package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;

/** The fields that the proxy itself acts on. Told apart by their length first: most fields cost one switch. */
enum KnownField {
    // @formatter:off
    OTHER(false),
    HOST(false),
    CONTENT_LENGTH(false),
    TRANSFER_ENCODING(false),
    EXPECT(false),
    CONNECTION(true),
    KEEP_ALIVE(true),
    PROXY_CONNECTION(true),
    TE(true),
    UPGRADE(true),
    HTTP2_SETTINGS(true);
    // @formatter:on

    private static final byte[] NAME_TE = Octets.ascii("te");
    private static final byte[] NAME_HOST = Octets.ascii("host");
    private static final byte[] NAME_EXPECT = Octets.ascii("expect");
    private static final byte[] NAME_UPGRADE = Octets.ascii("upgrade");
    private static final byte[] NAME_CONNECTION = Octets.ascii("connection");
    private static final byte[] NAME_KEEP_ALIVE = Octets.ascii("keep-alive");
    private static final byte[] NAME_CONTENT_LENGTH = Octets.ascii("content-length");
    private static final byte[] NAME_HTTP2_SETTINGS = Octets.ascii("http2-settings");
    private static final byte[] NAME_PROXY_CONNECTION = Octets.ascii("proxy-connection");
    private static final byte[] NAME_TRANSFER_ENCODING = Octets.ascii("transfer-encoding");

    private final boolean hopByHop;

    KnownField(boolean hopByHop) {
        this.hopByHop = hopByHop;
    }

    /** Meant for the next hop only (RFC 9110 7.6.1), so never passed on. */
    boolean hopByHop() {
        return hopByHop;
    }

    static KnownField of(ByteBuf in, int start, int end) {
        return switch (end - start) {
            case 2 -> Octets.same(in, start, end, NAME_TE) ? TE : OTHER;
            case 4 -> Octets.same(in, start, end, NAME_HOST) ? HOST : OTHER;
            case 6 -> Octets.same(in, start, end, NAME_EXPECT) ? EXPECT : OTHER;
            case 7 -> Octets.same(in, start, end, NAME_UPGRADE) ? UPGRADE : OTHER;
            case 10 -> Octets.same(in, start, end, NAME_CONNECTION)
                    ? CONNECTION
                    : Octets.same(in, start, end, NAME_KEEP_ALIVE) ? KEEP_ALIVE : OTHER;
            case 14 -> Octets.same(in, start, end, NAME_CONTENT_LENGTH)
                    ? CONTENT_LENGTH
                    : Octets.same(in, start, end, NAME_HTTP2_SETTINGS) ? HTTP2_SETTINGS : OTHER;
            case 16 -> Octets.same(in, start, end, NAME_PROXY_CONNECTION) ? PROXY_CONNECTION : OTHER;
            case 17 -> Octets.same(in, start, end, NAME_TRANSFER_ENCODING) ? TRANSFER_ENCODING : OTHER;
            default -> OTHER;
        };
    }
}
