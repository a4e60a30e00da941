package dev.turnout.bench.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts what goes over the wire. Shared by the connections of one event loop, and confined to it. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // whoever gave the promise listens to it
final class ByteCount extends ChannelDuplexHandler {
    private long received;
    private long sent;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received += ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        sent += ((ByteBuf) message).readableBytes();
        ctx.write(message, promise);
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    void reset() {
        received = 0;
        sent = 0;
    }
}
