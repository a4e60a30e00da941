package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;

/** The request methods whose meaning matters to a proxy (RFC 9110 9.3); every other is passed on as it is. */
public enum Method {
    // @formatter:off
    GET(true), HEAD(true), POST(false), PUT(true), DELETE(true), OPTIONS(true), TRACE(true), CONNECT(false), OTHER(false);
    // @formatter:on

    private final boolean idempotent;

    Method(boolean idempotent) {
        this.idempotent = idempotent;
    }

    /** Doing it twice is meant to be the same as doing it once (RFC 9110 9.2.2). */
    public boolean idempotent() {
        return idempotent;
    }

    /** Case matters (RFC 9110 9.1). */
    static Method of(ByteBuf in, int start, int end) {
        Method likely = switch (end - start) {
            case 3 -> in.getByte(start) == 'G' ? GET : PUT;
            case 4 -> in.getByte(start) == 'P' ? POST : HEAD;
            case 5 -> TRACE;
            case 6 -> DELETE;
            case 7 -> in.getByte(start) == 'O' ? OPTIONS : CONNECT;
            default -> OTHER;
        };
        return likely != OTHER && likely.is(in, start) ? likely : OTHER;
    }

    private boolean is(ByteBuf in, int start) {
        String token = name();
        for (int i = 0; i < token.length(); i++) {
            if (in.getByte(start + i) != token.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
