package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.testkit.Bytes;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.SuspiciousRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A suspicious request and an innocent one behind it are read the same way, wherever the bytes are cut. */
@ExtendWith(LeakCheck.class)
class FragmentationTest {
    private static final String INNOCENT = "GET /innocent HTTP/1.1\r\nHost: a\r\n\r\n";

    /** What a reader made of all that it got: what goes on, and why it refused the rest. */
    private record Verdict(String out, @Nullable Kind refusal, String detail) {}

    /** Reads one request after the other, as a client connection does. */
    private static final class Reader extends ByteToMessageDecoder {
        private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        private final BodyFraming body = new BodyFraming(HeadLimits.DEFAULT);
        private final StringBuilder out = new StringBuilder();
        private boolean inBody;
        private @Nullable HeadFault fault;
        private String detail = "";

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> none) {
            if (fault != null) {
                in.skipBytes(in.readableBytes());
            } else if (inBody) {
                readBody(in);
            } else {
                readHead(in);
            }
        }

        private void readHead(ByteBuf in) {
            switch (head.scan(in)) {
                case MORE -> {
                }
                case REFUSED -> refuse(head.fault(), head.faultDetail());
                case COMPLETE -> {
                    ByteBuf kept = in.alloc().buffer();
                    head.writeTo(kept, in);
                    out.append(Bytes.text(kept)).append("\r\n");
                    kept.release();
                    in.skipBytes(head.length());
                    if (head.chunked()) {
                        body.chunked();
                    } else {
                        body.length(Math.max(0, head.contentLength()));
                    }
                    head.reset();
                    inBody = !body.done();
                }
            }
        }

        private void readBody(ByteBuf in) {
            int bytes = body.next(in);
            if (bytes > 0) {
                out.append(Bytes.text(in.readSlice(bytes)));
            } else {
                in.skipBytes(-bytes);
            }
            HeadFault wrong = body.fault();
            if (wrong != null) {
                refuse(wrong, body.faultDetail());
            }
            inBody = !body.done();
        }

        private void refuse(HeadFault why, String where) {
            fault = why;
            detail = where;
        }

        Verdict verdict() {
            // How much of a body went on before its framing was refused depends on the pieces; the rest does not.
            return fault == null
                    ? new Verdict(out.toString(), null, "")
                    : new Verdict("", fault.kind(), detail);
        }
    }

    private static Verdict read(Iterable<String> pieces) {
        Reader reader = new Reader();
        EmbeddedChannel channel = new EmbeddedChannel(reader);
        for (String piece : pieces) {
            channel.writeInbound(channel.alloc().buffer(piece.length()).writeBytes(Bytes.bytes(piece)));
        }
        channel.finishAndReleaseAll();
        return reader.verdict();
    }

    static List<SuspiciousRequest> rows() {
        return SuspiciousRequest.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isReadTheSameWayAtEveryCut(SuspiciousRequest row) {
        String text = row.bytes() + INNOCENT;
        Verdict whole = read(List.of(text));
        assertThat(whole.refusal()).isEqualTo(row.refusal());
        assertThat(whole.out()).isEqualTo(row.refusal() == null ? row.arrives() + INNOCENT : "");
        int step = text.length() > 2000 ? 997 : 1;
        for (int cut = 1; cut < text.length(); cut += step) {
            assertThat(read(List.of(text.substring(0, cut), text.substring(cut)))).as("cut at %s", cut)
                    .isEqualTo(whole);
        }
        assertThat(read(Bytes.fragments(text, 1))).as("byte by byte").isEqualTo(whole);
    }
}
