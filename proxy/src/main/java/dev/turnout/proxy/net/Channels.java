package dev.turnout.proxy.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The writes and closes whose future nobody waits for, and what happens when they fail. Event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write arrives in exceptionCaught, a close does not fail
public final class Channels {
    private Channels() {}

    /**
     * Writes without a promise. A failure arrives in the pipeline's {@code exceptionCaught}; on a closed channel the message is
     * dropped, and {@code channelInactive} tells. Takes ownership.
     */
    public static void write(Channel channel, Object message) {
        channel.write(message, channel.voidPromise());
    }

    /** Closes at once; what was not flushed is lost. */
    public static void close(Channel channel) {
        channel.close();
    }

    /** Closes at once and tells the peer that this was not in order (TCP RST). */
    public static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            close(channel);
        }
    }

    /** Closes after everything already written has been flushed. */
    public static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Ends our direction after everything already written has been flushed; the peer may go on, and the caller sees to it
     * that this ends. Closing while the peer still sends would reset the connection, and the reset overtakes what was written
     * last (RFC 9112 9.6).
     */
    public static void finish(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (!flushed.isSuccess()) {
                close(channel);
            } else if (tls == null) {
                ((DuplexChannel) channel).shutdownOutput();
            } else {
                // A peer that speaks TLS takes an end without close_notify for an attack (RFC 8446 6.1).
                tls.closeOutbound().addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
            }
        });
    }

    /** Bytes that are written but not yet taken by the peer's system; 0 when the channel is closed. */
    public static long pendingBytes(Channel channel) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }
}
