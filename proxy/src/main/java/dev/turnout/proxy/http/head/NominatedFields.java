package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Fields that Connection nominates for this hop only (RFC 9110 7.6.1). Some may not be nominated: a client that could
 * strip Host or the client's address on the way would speak as someone else to the endpoint.
 */
final class NominatedFields {
    /** Each costs a look at every field, and no honest peer nominates more than a few. */
    static final int MOST_OPTIONS = 32;
    private static final byte[] CONNECTION = Octets.ascii("connection");
    private static final byte[][] NEVER_CUT = {Octets.ascii("host"), Octets.ascii("content-length"),
        Octets.ascii("transfer-encoding"), Octets.ascii("content-type"), Octets.ascii("content-encoding"),
        Octets.ascii("cache-control"), Octets.ascii("authorization"), Octets.ascii("cookie"),
        Octets.ascii("set-cookie"), Octets.ascii("forwarded"), Octets.ascii("via"), Octets.ascii("date"),
        Octets.ascii("trailer"), Octets.ascii("traceparent"), Octets.ascii("tracestate")};

    private NominatedFields() {}

    /** Cuts every field of {@code head} that one of its Connection fields lists; or refuses it for their number. */
    static void cut(MessageHead head, ByteBuf in) {
        int base = in.readerIndex();
        int options = 0;
        for (int field = head.find(in, CONNECTION, 0); field >= 0; field = head.find(in, CONNECTION,
                field + 1)) {
            int from = base + head.valueStart(field);
            int end = base + head.valueEnd(field);
            while (from < end) {
                int to = from;
                while (to < end && in.getByte(to) != ',') {
                    to++;
                }
                byte[] name = trimmedLowerCase(in, from, to);
                if (name.length > 0 && ++options > MOST_OPTIONS) {
                    head.refuse(HeadFault.CONNECTION_OPTIONS);
                    return;
                }
                if (mayCut(name)) {
                    head.cutAll(in, name);
                }
                from = to + 1;
            }
        }
    }

    private static byte[] trimmedLowerCase(ByteBuf in, int start, int end) {
        int from = Octets.skipBlanks(in, start, end);
        byte[] name = new byte[Octets.trimEnd(in, from, end) - from];
        for (int i = 0; i < name.length; i++) {
            name[i] = Octets.lower(in.getByte(from + i));
        }
        return name;
    }

    private static boolean mayCut(byte[] name) {
        if (name.length == 0 || (name.length > 1 && name[0] == 'x' && name[1] == '-')) {
            return false;
        }
        for (byte[] kept : NEVER_CUT) {
            if (Arrays.equals(kept, name)) {
                return false;
            }
        }
        return true;
    }
}
