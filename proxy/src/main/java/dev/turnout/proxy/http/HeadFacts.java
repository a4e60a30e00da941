package dev.turnout.proxy.http;

import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.routing.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What a decision may ask of a request, read from its head in place. Confined to its event loop. */
final class HeadFacts implements RequestFacts {
    private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);

    private RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    private ByteBuf in = Unpooled.EMPTY_BUFFER;

    /** Borrows both until the next call: a whole head, and its bytes as they were scanned. */
    HeadFacts of(RequestHead whole, ByteBuf scanned) {
        head = whole;
        in = scanned;
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
