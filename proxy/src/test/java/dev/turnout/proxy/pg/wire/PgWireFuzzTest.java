package dev.turnout.proxy.pg.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.proxy.pg.session.Handling;
import dev.turnout.proxy.pg.session.OwedReplies;
import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes first, and messages with what is owed for them, in pieces as they come whole. Normally over the seeds; with
 * {@code JAZZER_FUZZ=1} in the environment over what Jazzer makes of them.
 */
class PgWireFuzzTest {
    /** The first byte of an input says what the rest is: by its lowest bit; and the others, in what pieces. */
    private static final int STARTUP = 0;

    /** Both directions in one stream: what is sent with the highest bit of the type set, what is received without. */
    private static final class Peeker extends FrameCursor {
        private final OwedReplies owed = new OwedReplies((byte) 'I');
        private final StringBuilder seen = new StringBuilder();

        @Override
        protected int begins(byte messageType, int bodyBytes) {
            return 1;
        }

        @Override
        protected void read(byte messageType, ByteBuf in, int index, int count) {
            byte first = count == 0 ? 0 : in.getByte(index);
            if (messageType < 0) {
                byte type = (byte) (messageType & 0x7F);
                if (first == 'f' && "PBDEC".indexOf(type) >= 0) {
                    owed.fake(type, "fake");
                } else {
                    owed.sent(type, first == 's' ? Handling.SKIP : Handling.FORWARD);
                }
            } else {
                seen.append(owed.received(messageType, first));
            }
            while (owed.takeFake() != null) {
                seen.append('f');
            }
            assertThat(owed.size()).isNotNegative();
            assertThat(owed.settled() && owed.size() > 0).isFalse();
            seen.append((char) messageType).append(owed.ended()).append(owed.size()).append(owed.status())
                    .append(owed.discarding()).append(owed.inDoubt()).append(owed.atSafePoint()).append('\n');
        }

        @Override
        protected @Nullable String refusal(byte messageType, int bodyBytes) {
            return bodyBytes <= Frames.MOST ? null : "too long";
        }
    }

    static Stream<byte[]> seeds() {
        String dialogue = Stream.of("QPBDES", "PBES", "QdcQ", "PEEScSf")
                .map(types -> types.chars().mapToObj(type -> (char) (type | 0x80) + "\0\0\0\5f")
                        .reduce("", String::concat))
                .reduce("", String::concat);
        String replies = Stream.of("T", "D", "C", "Z", "1", "2", "n", "G", "E", "Z", "N", "A", "s", "Z")
                .map(type -> type + "\0\0\0\5I")
                .reduce("", String::concat);
        return Stream.of(Stream.of(dialogue + replies, replies + dialogue, replies.repeat(2), "\0\0\0\0\0")
                .map(text -> "\5" + text), StartupReaderTest.packets().stream().map(text -> "\4" + text),
                StartupReaderTest.malformed().map(row -> "\4" + row.get()[0])).flatMap(texts -> texts)
                .map(Bytes::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5m")
    void seesTheSameInPiecesAsInOne(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        int piece = 1 + (input[0] & 0xFF) / 4;
        if ((input[0] & 1) == STARTUP) {
            startup(text, piece);
        } else {
            messages(text, piece);
        }
    }

    private static void messages(String text, int piece) {
        Peeker whole = new Peeker();
        String broken = whole.advance(Bytes.buffer(text));
        Peeker pieces = new Peeker();
        String brokenInPieces = null;
        for (String part : Bytes.fragments(text, piece)) {
            brokenInPieces = pieces.advance(Bytes.buffer(part));
        }
        assertThat(pieces.seen.toString()).isEqualTo(whole.seen.toString());
        assertThat(brokenInPieces).isEqualTo(broken);
        assertThat(pieces.between()).isEqualTo(whole.between());
    }

    private static void startup(String text, int piece) {
        ByteBuf in = Bytes.buffer(text);
        String whole = words(StartupRequest.read(in));
        ByteBuf gathered = Unpooled.buffer();
        StartupRequest found = null;
        for (String part : Bytes.fragments(text, piece)) {
            gathered.writeBytes(Bytes.bytes(part));
            found = found == null ? StartupRequest.read(gathered) : found;
        }
        assertThat(words(found)).isEqualTo(whole);
        assertThat(Bytes.text(gathered)).isEqualTo(Bytes.text(in));
    }

    private static String words(@Nullable StartupRequest request) {
        return request instanceof StartupRequest.Cancel(int pid, byte[] key)
                ? "cancel " + pid + " " + new String(key, StandardCharsets.ISO_8859_1)
                : String.valueOf(request);
    }
}
