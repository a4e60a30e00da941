package dev.turnout.proxy.upstream.health;

import dev.turnout.config.Address;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the status of one answer; what follows it is of no interest. Confined to the loop. */
final class HttpCheck extends ChannelInboundHandlerAdapter {
    private static final int MOST_CHARS = 16 * 1024;
    private static final int FIRST_FINAL = 200;
    private static final int FIRST_ERROR = 400;
    private static final Pattern STATUS_LINE = Pattern
            .compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: [^\\r\\n]*)?\\r?");

    private final CheckRounds rounds;
    private final StringBuilder received = new StringBuilder();

    HttpCheck(CheckRounds rounds) {
        this.rounds = rounds;
    }

    /** Returns owned. */
    static ByteBuf request(ByteBufAllocator alloc, Address address, String path) {
        String host = address.toString();
        return ByteBufUtil.writeAscii(alloc, "GET " + path + " HTTP/1.1\r\nHost: "
                + (address.port() == 80 ? host.substring(0, host.lastIndexOf(':')) : host)
                + "\r\nUser-Agent: turnout-check\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            received.append(in.toString(StandardCharsets.ISO_8859_1));
        } finally {
            in.release();
        }
        boolean more = true;
        while (more) {
            more = step(ctx);
        }
    }

    /** Answers whether there may be another head behind an interim one. */
    private boolean step(ChannelHandlerContext ctx) {
        int end = received.indexOf("\n");
        if (end < 0) {
            if (received.length() > MOST_CHARS) {
                rounds.finish(ctx.channel(), false, "an answer that is not HTTP/1");
            }
            return false;
        }
        Matcher line = STATUS_LINE.matcher(received.substring(0, end));
        if (!line.matches()) {
            rounds.finish(ctx.channel(), false, "an answer that is not HTTP/1");
            return false;
        }
        int status = Integer.parseInt(line.group(1));
        if (status >= FIRST_FINAL) {
            rounds.finish(ctx.channel(), status < FIRST_ERROR, "status " + status);
            return false;
        }
        return dropInterim(ctx);
    }

    private boolean dropInterim(ChannelHandlerContext ctx) {
        int end = received.indexOf("\r\n\r\n");
        if (end < 0) {
            if (received.length() > MOST_CHARS) {
                rounds.finish(ctx.channel(), false, "an answer whose head does not end");
            }
            return false;
        }
        received.delete(0, end + 4);
        return received.length() > 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        rounds.finish(ctx.channel(), false, "closed before it answered");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        rounds.finish(ctx.channel(), false, CheckRounds.reason(cause));
    }
}
