package dev.turnout.proxy.pg;

import dev.turnout.config.Secret;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.pg.session.ServerMessage;
import dev.turnout.proxy.pg.wire.ClientMessages;
import dev.turnout.proxy.pg.wire.ErrorFields;
import dev.turnout.proxy.pg.wire.FrameCursor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One question for a verifier on a connection of its own, which ends with the answer. Confined to its loop. */
final class Question extends ChannelInboundHandlerAdapter {
    /** A name and a verifier. */
    private static final int MAX_BODY_BYTES = 8 * 1024;

    private final PgLoop loop;
    private final String user;
    private final CompletableFuture<Optional<Secret>> answer;
    private Optional<Secret> found = Optional.empty();
    private @Nullable String wrong;
    private final Deadlines.Deadline limit = new Deadlines.Deadline() {
        @Override
        protected void expired() {
            fail("no answer in time");
        }
    };
    private final FrameCursor cursor = new FrameCursor() {
        @Override
        protected int begins(byte type, int bodyBytes) {
            return type == ServerMessage.DATA_ROW || type == ServerMessage.ERROR_RESPONSE
                    ? MAX_BODY_BYTES
                    : 0;
        }

        @Override
        protected void read(byte type, ByteBuf in, int index, int count) {
            switch (type) {
                case ServerMessage.DATA_ROW -> row(in.slice(index, count));
                case ServerMessage.ERROR_RESPONSE -> wrong = ErrorFields.of(in, index, count).message();
                case ServerMessage.READY_FOR_QUERY -> complete();
                default -> {
                    // What surrounds the row.
                }
            }
        }

        @Override
        protected @Nullable String refusal(byte type, int bodyBytes) {
            return ServerMessage.known(type) && bodyBytes <= MAX_BODY_BYTES
                    ? null
                    : "an answer of type " + (type & 0xFF) + " with " + bodyBytes + " bytes";
        }
    };
    private @Nullable ChannelHandlerContext context;

    private Question(PgLoop loop, String user, CompletableFuture<Optional<Secret>> answer) {
        this.loop = loop;
        this.user = user;
        this.answer = answer;
    }

    /**
     * Asks, and completes {@code answer} on the loop. Takes over the connection.
     *
     * @param sql answers a row of the user's name and the verifier, or none
     */
    static void ask(PgLoop loop, LoginOutcome.LoggedIn in, String sql, String user, Duration within,
            CompletableFuture<Optional<Secret>> answer) {
        in.reports.release();
        in.rest.release();
        Question question = new Question(loop, user, answer);
        PgPipelines.question(in.channel, question);
        loop.deadlines().set(question.limit, Deadlines.ticks(within.toNanos()));
        ByteBuf out = in.channel.alloc().buffer();
        ClientMessages.ask(out, sql, user);
        Channels.write(in.channel, out);
        in.channel.flush();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            String broken = cursor.advance(in);
            if (broken != null) {
                fail(broken);
            }
        } finally {
            in.release();
        }
    }

    private void row(ByteBuf row) {
        int columns = row.readableBytes() < Short.BYTES ? 0 : row.readShort();
        String name = columns < 2 ? null : column(row);
        String verifier = name == null ? null : column(row);
        if (columns < 2) {
            wrong = "auth.query.sql answers " + columns
                    + " columns (expected: the user's name and the verifier)";
        } else if (user.equals(name) && verifier != null && !verifier.isEmpty()) {
            found = Optional.of(new Secret(verifier));
        }
    }

    private static @Nullable String column(ByteBuf row) {
        int bytes = row.readableBytes() < Integer.BYTES ? -1 : row.readInt();
        return bytes < 0 || bytes > row.readableBytes()
                ? null
                : row.readCharSequence(bytes, StandardCharsets.UTF_8).toString();
    }

    private void complete() {
        if (wrong != null) {
            fail(wrong);
        } else {
            end();
            answer.complete(found);
        }
    }

    private void fail(String detail) {
        if (answer.isDone()) {
            return;
        }
        end();
        answer.completeExceptionally(new Lookup.Failure(SessionFailure.UPSTREAM_AUTHENTICATION,
                "the server cannot say who may log in", detail));
    }

    private void end() {
        loop.deadlines().clear(limit);
        if (context != null) {
            ByteBuf out = context.alloc().buffer();
            ClientMessages.terminate(out);
            Channels.write(context.channel(), out);
            Channels.closeAfterFlush(context.channel());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the server has closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }
}
