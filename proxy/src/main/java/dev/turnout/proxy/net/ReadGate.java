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
        PEER_NOT_WRITABLE,
        /** There is no connection to write on to yet. */
        CONNECTING,
        /** The next request is there before this one is answered. */
        PIPELINED
    }

    private final Channel channel;
    private int reasons;

    public ReadGate(Channel channel) {
        this.channel = channel;
    }

    /** Stops reading for this reason; what was read already still arrives. */
    public void close(Reason reason) {
        set(reasons | bit(reason));
    }

    /** Lifts this reason. */
    public void open(Reason reason) {
        set(reasons & ~bit(reason));
    }

    /** Lifts every reason: the channel serves someone else now. */
    public void reset() {
        set(0);
    }

    private static int bit(Reason reason) {
        return 1 << reason.ordinal();
    }

    @AllowedHere("the one place that switches reading")
    private void set(int next) {
        assert channel.eventLoop().inEventLoop();
        boolean wasOpen = reasons == 0;
        reasons = next;
        if (wasOpen != (next == 0)) {
            channel.config().setAutoRead(next == 0);
        }
    }
}
