package dev.turnout.proxy.net;

import dev.turnout.config.AllowedHere;
import io.netty.channel.Channel;

/**
 * The reasons why a channel is not read. It is read again when the last of them is lifted, so that a slow peer and a
 * pipelining client cannot undo each other. Confined to the channel's event loop.
 */
public final class ReadGate {
    /** Why reading stops. */
    public enum Reason {
        /** What was read cannot be written on as fast. */
        PEER_NOT_WRITABLE(1),
        /** There is no connection to write on to yet. */
        CONNECTING(1 << 1),
        /** The next request is there before this one is answered. */
        PIPELINED(1 << 2);

        private final int bit;

        Reason(int bit) {
            this.bit = bit;
        }
    }

    private final Channel channel;
    /** A bit for each; every idle connection has a gate. */
    private int reasons;

    public ReadGate(Channel channel) {
        this.channel = channel;
    }

    /** Stops reading for this reason; what was read already still arrives. */
    public void close(Reason reason) {
        assert channel.eventLoop().inEventLoop();
        reasons |= reason.bit;
        apply();
    }

    /** Lifts this reason. */
    public void open(Reason reason) {
        assert channel.eventLoop().inEventLoop();
        reasons &= ~reason.bit;
        apply();
    }

    /** Stops or goes on, as whoever is written to takes more or does not. */
    public void peerWritable(boolean writable) {
        if (writable) {
            open(Reason.PEER_NOT_WRITABLE);
        } else {
            close(Reason.PEER_NOT_WRITABLE);
        }
    }

    /** Lifts every reason: the channel serves someone else now. */
    public void reset() {
        assert channel.eventLoop().inEventLoop();
        reasons = 0;
        apply();
    }

    @AllowedHere("the one place that switches reading")
    private void apply() {
        boolean read = reasons == 0;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }
}
