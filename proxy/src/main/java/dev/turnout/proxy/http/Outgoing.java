package dev.turnout.proxy.http;

import dev.turnout.config.Target;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.head.ResponseHead;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.routing.Decision;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages as they go on: what came, without what was meant for one hop, with what this hop adds. Stateless. */
final class Outgoing {
    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] ANSWERED_BY_BLUE = ascii("X-Turnout-Target: blue\r\n");
    private static final byte[] ANSWERED_BY_GREEN = ascii("X-Turnout-Target: green\r\n");
    private static final byte[] PRIVATE = ascii("Cache-Control: private\r\n");
    private static final byte[] SET_COOKIE = ascii("Set-Cookie: ");
    /** For a year, and for no script: it is nobody's business but the proxy's. */
    private static final byte[] COOKIE_ATTRIBUTES = ascii(
            "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\r\n");
    /** Room for what is added to an answer's head. */
    private static final int ADDED_BYTES = 224;
    /** A body part up to this size is copied behind its head: one write is cheaper than one buffer. */
    private static final int COPIED_BODY_BYTES = 16 * 1024;

    private Outgoing() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A request's head, with room for what came of its body. Returns owned; borrows the rest and does not move {@code in}. */
    static ByteBuf requestHead(ByteBufAllocator alloc, RequestHead head, ByteBuf in, HopFields hop,
            byte @Nullable [] upgrade) {
        ByteBuf out = alloc.buffer(in.readableBytes() + HopFields.ADDED_BYTES);
        head.writeTo(out, in);
        hop.writeTo(out, head, in);
        if (upgrade != null) {
            writeUpgrade(out, upgrade);
        }
        return out.writeBytes(LINE_END);
    }

    private static void writeUpgrade(ByteBuf out, byte[] protocol) {
        out.writeBytes(UPGRADE).writeBytes(protocol).writeBytes(LINE_END);
    }

    /** A 1xx head. Returns owned; borrows the rest. */
    static ByteBuf interim(ByteBufAllocator alloc, ResponseHead head, ByteBuf in) {
        ByteBuf out = alloc.buffer(head.length());
        head.writeTo(out, in);
        return out.writeBytes(LINE_END);
    }

    /** A 101 head. Returns owned; borrows the rest. {@code mint}: as for an answer. */
    static ByteBuf switching(ByteBufAllocator alloc, ResponseHead head, ByteBuf in, byte[] protocol,
            @Nullable Decision mint) {
        ByteBuf out = alloc.buffer(head.length() + UPGRADE.length + protocol.length + ADDED_BYTES);
        head.writeTo(out, in);
        if (mint != null) {
            writeCookie(out, mint);
        }
        writeUpgrade(out, protocol);
        return out.writeBytes(LINE_END);
    }

    private static void writeCookie(ByteBuf out, Decision minted) {
        byte[] name = Objects.requireNonNull(minted.mintedName(), "cookie: none was minted");
        out.writeBytes(SET_COOKIE).writeBytes(name).writeByte('=').writeBytes(minted.mintedId());
        out.writeBytes(COOKIE_ATTRIBUTES);
    }

    /** Writes head and body as they came, in one piece; moves {@code in} past both. */
    static void asItStands(Channel client, ResponseHead head, ByteBuf in, BodyFraming body) {
        int start = in.readerIndex();
        in.skipBytes(head.length());
        // Never negative here: a body does not begin with a part that is left out.
        int bytes = body.next(in);
        in.skipBytes(bytes);
        Channels.write(client, in.retainedSlice(start, head.length() + bytes));
    }

    /**
     * What an answer gets beside what the endpoint said.
     *
     * @param from the side that answers, where the client may know it
     * @param mint with the cookie that the client is to be given, where it is
     * @param persistent whether the connection serves another request
     * @param http10 whether a client has to be told that it does
     */
    record Added(@Nullable Target from, @Nullable Decision mint, boolean persistent, boolean http10) {}

    /** Writes the head anew, and what came of the body; moves {@code in} past both. */
    static void answer(Channel client, ResponseHead head, ByteBuf in, BodyFraming body, Added added) {
        int headBytes = head.length();
        ByteBuf out = client.alloc()
                .buffer(headBytes + ADDED_BYTES
                        + Math.min(in.readableBytes() - headBytes, COPIED_BODY_BYTES));
        head.writeTo(out, in);
        if (added.from != null) {
            out.writeBytes(added.from == Target.BLUE ? ANSWERED_BY_BLUE : ANSWERED_BY_GREEN);
        }
        if (added.mint != null) {
            writeCookie(out, added.mint);
            // Else a cache that others share would hand one id to all of them (RFC 9111 7.3).
            out.writeBytes(PRIVATE);
        }
        if (!added.persistent) {
            out.writeBytes(CLOSE);
        } else if (added.http10) {
            out.writeBytes(KEEP_ALIVE);
        }
        out.writeBytes(LINE_END);
        in.skipBytes(headBytes);
        int bytes = body.next(in);
        if (bytes > 0 && bytes <= COPIED_BODY_BYTES) {
            out.writeBytes(in, bytes);
            bytes = 0;
        }
        Channels.write(client, out);
        if (bytes > 0) {
            Channels.write(client, in.readRetainedSlice(bytes));
        }
    }
}
