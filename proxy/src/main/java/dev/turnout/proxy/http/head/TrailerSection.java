package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;

/** The fields behind a chunked body. Those that frame, route, or authorise come too late to be heard and are cut. */
final class TrailerSection extends FieldSection {
    /** RFC 9110 6.5.1, by example: framing, routing, modifiers of the request, authentication, the form of the body. */
    private static final byte[][] FORBIDDEN = {Octets.ascii("content-length"),
        Octets.ascii("transfer-encoding"),
        Octets.ascii("trailer"), Octets.ascii("host"), Octets.ascii("authorization"), Octets.ascii("cookie"),
        Octets.ascii("set-cookie"), Octets.ascii("content-type"), Octets.ascii("content-encoding"),
        Octets.ascii("content-range"), Octets.ascii("cache-control"), Octets.ascii("expect"),
        Octets.ascii("if-match"), Octets.ascii("if-none-match"), Octets.ascii("if-modified-since"),
        Octets.ascii("if-unmodified-since"), Octets.ascii("if-range"), Octets.ascii("max-forwards"),
        Octets.ascii("pragma"), Octets.ascii("range"),
        Octets.ascii("proxy-authorization"),
        Octets.ascii("proxy-authenticate"), Octets.ascii("www-authenticate"), Octets.ascii("location"),
        Octets.ascii("age"), Octets.ascii("expires"), Octets.ascii("date"), Octets.ascii("vary"),
        Octets.ascii("retry-after"), Octets.ascii("warning"), Octets.ascii("forwarded"),
        Octets.ascii("x-forwarded-for"), Octets.ascii("x-forwarded-host"), Octets.ascii("x-forwarded-proto")};

    TrailerSection(HeadLimits limits) {
        super(limits);
    }

    @Override
    void onEnd(ByteBuf in, int base) {
        for (byte[] name : FORBIDDEN) {
            cutAll(in, name);
        }
    }
}
