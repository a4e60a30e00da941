package dev.turnout.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The Close frame that ends a WebSocket whose service moves (RFC 6455 5.5.1). */
final class WebSocketClose {
    private static final int FINAL_CLOSE = 0x88;
    private static final int MASKED = 0x80;
    /** Service Restart, of the IANA registry of close codes: the client may come back, after a random delay. */
    private static final int SERVICE_RESTART = 1012;

    private WebSocketClose() {}

    /** As a server says it. Returns owned. */
    static ByteBuf toClient(ByteBufAllocator allocator) {
        return allocator.buffer(4)
                .writeByte(FINAL_CLOSE)
                .writeByte(Short.BYTES)
                .writeShort(SERVICE_RESTART);
    }

    /** As a client says it (RFC 6455 5.3). {@code key}: random. Returns owned. */
    static ByteBuf toServer(ByteBufAllocator allocator, int key) {
        return allocator.buffer(8)
                .writeByte(FINAL_CLOSE)
                .writeByte(MASKED | Short.BYTES)
                .writeInt(key)
                .writeShort(SERVICE_RESTART ^ key >>> Short.SIZE);
    }
}
