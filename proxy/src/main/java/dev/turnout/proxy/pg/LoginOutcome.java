package dev.turnout.proxy.pg;

import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.pg.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** How a login at a server went. */
sealed interface LoginOutcome {
    /**
     * The session is there, and the server waits. A class and no record, since it holds buffers, which whoever is told
     * takes over.
     */
    final class LoggedIn implements LoginOutcome {
        final Channel channel;
        final boolean tls;
        /** 0 when the server named none. */
        final int pid;
        /** What cancels its commands; empty when the server gave none. */
        final byte[] key;
        /** Every message that is the client's as well: ParameterStatus and notices. */
        final ByteBuf reports;
        /** Of the first ReadyForQuery. */
        final byte status;
        final boolean standby;
        /** What has come behind ReadyForQuery. */
        final ByteBuf rest;

        LoggedIn(Channel channel, boolean tls, int pid, byte[] key, ByteBuf reports, byte status,
                boolean standby,
                ByteBuf rest) {
            this.channel = channel;
            this.tls = tls;
            this.pid = pid;
            this.key = key;
            this.reports = reports;
            this.status = status;
            this.standby = standby;
            this.rest = rest;
        }
    }

    /**
     * The server has refused it.
     *
     * @param message the whole ErrorResponse, for the client
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Refused(ErrorFields fields, byte[] message) implements LoginOutcome {}

    /**
     * It came to nothing.
     *
     * @param detail one sentence for the client, which holds nothing secret
     */
    record Failed(SessionFailure failure, String detail) implements LoginOutcome {}
}
