package dev.turnout.proxy.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * The writes and closes whose future nobody waits for, and what happens when they fail. Event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write arrives in exceptionCaught, a close does not fail
public final class Channels {
    private static final long LINGER_SECONDS = 2;

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
     * Closes after everything already written has been flushed and the peer has had time to read it. Closing while the
     * peer still sends would reset the connection, and the reset overtakes the answer (RFC 9112 9.6): so only our
     * direction ends at first, and what still comes in is for the pipeline to drop.
     */
    public static void lingerAndClose(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (!flushed.isSuccess()) {
                close(channel);
                return;
            }
            ((DuplexChannel) channel).shutdownOutput().addListener(ignoredIfClosed -> channel.eventLoop()
                    .schedule(() -> close(channel), LINGER_SECONDS, TimeUnit.SECONDS)
                    .addListener(scheduled -> {
                        if (!scheduled.isSuccess()) {
                            close(channel);
                        }
                    }));
        });
    }
}
