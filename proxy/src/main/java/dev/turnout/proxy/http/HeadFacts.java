package dev.turnout.proxy.http;

import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.routing.QueryParameter;
import dev.turnout.proxy.routing.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a decision may ask of a request, read from its head in place. Confined to its event loop. */
final class HeadFacts implements RequestFacts {
    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);

    /** Path and query, for those who look for parameters. */
    private final byte[] target;
    private RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private @Nullable HopFields hop;

    HeadFacts(HeadLimits limits) {
        target = new byte[limits.targetBytes()];
    }

    /**
     * Borrows all until the next call.
     *
     * @param whole head, and its bytes as they were {@code scanned}
     * @param client null where nothing asks for its address
     */
    HeadFacts of(RequestHead whole, ByteBuf scanned, @Nullable HopFields client) {
        head = whole;
        in = scanned;
        hop = client;
        return this;
    }

    @Override
    public int header(byte[] lowerCaseName, byte[] into, int offset) {
        int index = head.find(in, lowerCaseName, 0);
        if (index < 0) {
            return ABSENT;
        }
        // What decides reaches the endpoint as well, whatever Connection says of it.
        head.keep(index, lowerCaseName);
        return copy(in.readerIndex() + head.valueStart(index), in.readerIndex() + head.valueEnd(index),
                into, offset);
    }

    @Override
    public int cookie(byte[] name, byte[] into, int offset) {
        for (int index = head.find(in, COOKIE, 0); index >= 0; index = head.find(in, COOKIE, index + 1)) {
            int end = in.readerIndex() + head.valueEnd(index);
            int pair = in.readerIndex() + head.valueStart(index);
            while (pair < end) {
                int pairEnd = in.indexOf(pair, end, (byte) ';');
                int next = pairEnd < 0 ? end : pairEnd;
                if (next - pair > name.length && in.getByte(pair + name.length) == '=' && is(name, pair)) {
                    return copy(pair + name.length + 1, next, into, offset);
                }
                pair = next + 1;
                while (pair < end && in.getByte(pair) == ' ') {
                    pair++;
                }
            }
        }
        return ABSENT;
    }

    @Override
    public int query(byte[] name, byte[] into, int offset) {
        int length = head.copyPath(in, target, 0);
        int mark = queryMark(target, 0, length);
        return QueryParameter.value(target, Math.min(mark + 1, length), length, name, into, offset);
    }

    @Override
    public int startup(byte[] lowerCaseName, byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int method(byte[] into, int offset) {
        return head.copyMethod(in, into, offset);
    }

    @Override
    public int path(byte[] into, int offset) {
        int length = head.copyPath(in, into, offset);
        if (length == 0) {
            // Absolute form without a path (RFC 9110 4.2.3).
            into[offset] = '/';
            return 1;
        }
        return queryMark(into, offset, offset + length) - offset;
    }

    private static int queryMark(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '?') {
                return i;
            }
        }
        return to;
    }

    @Override
    public int host(byte[] into, int offset) {
        if (!head.hasHost()) {
            return ABSENT;
        }
        int end = offset + head.copyHost(in, into, offset);
        int port = end;
        for (int i = offset; i < end; i++) {
            if (into[i] == ':' && into[offset] != '[') {
                port = Math.min(port, i);
            } else if (into[i] == ']') {
                port = i + 1;
            } else if (into[i] >= 'A' && into[i] <= 'Z') {
                into[i] = (byte) (into[i] + ('a' - 'A'));
            }
        }
        return port - offset;
    }

    @Override
    public int client(byte[] into, int offset) {
        if (hop == null) {
            return ABSENT;
        }
        byte[] address = hop.client(head, in).getAddress();
        System.arraycopy(address, 0, into, offset, address.length);
        return address.length;
    }

    private boolean is(byte[] name, int at) {
        for (int i = 0; i < name.length; i++) {
            if (in.getByte(at + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int copy(int start, int end, byte[] into, int offset) {
        in.getBytes(start, into, offset, end - start);
        return end - start;
    }
}
