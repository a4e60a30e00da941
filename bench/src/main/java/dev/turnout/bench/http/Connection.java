package dev.turnout.bench.http;

import dev.turnout.proxy.net.Channels;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the request that it carries, one at a time. It never tries anything twice. What becomes of a
 * request is told once; after {@link Owner#gone} it tells nothing more. Event loop only.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    /** Hears what happens, on the event loop; possibly before {@link #open} or {@link #send} has returned. */
    interface Owner {
        /** It is connected and carries nothing. */
        void free(Connection connection);

        void answered(long dueNanos, long sentNanos, long nowNanos, int status);

        void failed(long dueNanos, long sentNanos, long nowNanos, Failure failure);

        /** It has ended, or never came about, and then for this reason. */
        void gone(Connection connection, @Nullable Throwable refused);

        /** Not the peer's doing: a mistake in this program. */
        void broken(Throwable mistake);
    }

    private final Owner owner;
    private final FullHttpRequest request;
    private final LongSupplier ticker;

    private @Nullable Channel channel;
    private boolean connected;
    private boolean gone;
    private boolean carries;
    private long dueNanos;
    private long sentNanos;
    /** Of the answer under way; 0: its head has not come. */
    private int status;
    private boolean reusable;

    /** @param request borrowed; what is sent are duplicates of it */
    Connection(Owner owner, FullHttpRequest request, LongSupplier ticker) {
        this.owner = owner;
        this.request = request;
        this.ticker = ticker;
    }

    /** Connects; this handler must be the last of the pipeline that the bootstrap makes. */
    void open(Bootstrap bootstrap) {
        ChannelFuture connecting = bootstrap.connect();
        channel = connecting.channel();
        connecting.addListener(done -> connected(done.isSuccess() ? null : done.cause()));
    }

    private void connected(@Nullable Throwable failure) {
        if (gone) {
            return;
        }
        if (failure != null) {
            end(Failure.CONNECT, failure);
            return;
        }
        connected = true;
        if (carries) {
            write();
        } else {
            owner.free(this);
        }
    }

    /** Sends, at once or as soon as it is connected. */
    void send(long dueNanos, long nowNanos) {
        assert !carries && !gone;
        this.dueNanos = dueNanos;
        this.sentNanos = nowNanos;
        carries = true;
        if (connected) {
            write();
        }
    }

    private void write() {
        status = 0;
        channel().writeAndFlush(request.retainedDuplicate()).addListener(written -> {
            if (!written.isSuccess()) {
                end(Failure.RESET);
            }
        });
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("connection: not opened (expected: opened)");
        }
        return channel;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (gone) {
            return;
        }
        if (!carries || part.decoderResult().isFailure()) {
            end(Failure.PROTOCOL);
            return;
        }
        if (part instanceof HttpResponse head) {
            status = head.status().code();
            reusable = HttpUtil.isKeepAlive(head);
        }
        if (part instanceof LastHttpContent) {
            wholeAnswer(ctx.channel().isActive());
        }
    }

    /** @param stillOpen whether it did not end with the connection */
    private void wholeAnswer(boolean stillOpen) {
        if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            end(Failure.PROTOCOL);
            return;
        }
        if (HttpStatusClass.valueOf(status) == HttpStatusClass.INFORMATIONAL) {
            return; // RFC 9110 15.2: the answer itself is still to come
        }
        carries = false;
        owner.answered(dueNanos, sentNanos, ticker.getAsLong(), status);
        if (reusable && stillOpen) {
            owner.free(this);
        } else {
            end(Failure.RESET);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(Failure.RESET);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case IOException _ -> end(Failure.RESET);
            case CodecException _ -> end(Failure.PROTOCOL);
            default -> owner.broken(cause);
        }
    }

    /** Gives up on what it carries if that takes too long. */
    void giveUpAfter(long timeoutNanos, long nowNanos) {
        if (carries && nowNanos - sentNanos >= timeoutNanos) {
            end(connected ? Failure.TIMEOUT : Failure.CONNECT);
        }
    }

    boolean carries() {
        return carries;
    }

    boolean isConnected() {
        return connected;
    }

    /** Closes; a request that it carries fails so. */
    void end(Failure failure) {
        end(failure, null);
    }

    private void end(Failure failure, @Nullable Throwable refused) {
        if (gone) {
            return;
        }
        gone = true;
        Channels.close(channel());
        if (carries) {
            carries = false;
            owner.failed(dueNanos, sentNanos, ticker.getAsLong(), failure);
        }
        owner.gone(this, refused);
    }
}
