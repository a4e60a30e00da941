package dev.turnout.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {
    private static final String CLOSE = "\u0088\u0002\u0003\u00f4";
    private static final String MASKED_CLOSE = "\u0088\u0082KEY!xx";
    /** Each is one frame: all three forms of the length, with and without a mask, empty and not, data and control. */
    private static final List<String> FRAMES = List.of("\u0081\u0000", "\u0081\u0080KEY!",
            "\u0001\u0005hello",
            "\u0080\u0085KEY!hello", "\u0089\u0004ping", "\u008a\u0080KEY!", "\u0082}" + "x".repeat(125),
            "\u0082~\u0000\u0003abc", "\u0082\u00fe\u0000\u0080KEY!" + "\u0088".repeat(128),
            "\u00c2\u007f\0\0\0\0\0\0\u0000\u0002\u0088\u0088",
            "\u0082\u00ff\0\0\0\0\0\0\u0001\u0000KEY!" + "\u0088".repeat(256),
            "\u0082\u00ff\0\0\0\0\0\0\0\0KEY!");

    private final WebSocketFrames frames = new WebSocketFrames();

    /** Where the frames of {@code text} end, in its chars; nothing behind a Close. */
    private static List<Integer> ends(List<String> frames) {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (String frame : frames) {
            end += frame.length();
            ends.add(end);
        }
        return ends;
    }

    /** Feeds {@code text} in pieces, and returns where it was at a boundary. */
    private static List<Integer> boundaries(WebSocketFrames frames, List<String> pieces) {
        List<Integer> boundaries = new ArrayList<>();
        int before = 0;
        for (String piece : pieces) {
            ByteBuf in = Bytes.buffer(piece, 3);
            int at = in.readerIndex();
            while (at < in.writerIndex()) {
                at = frames.followOne(in, at);
                if (frames.atBoundary()) {
                    boundaries.add(before + at - in.readerIndex());
                }
            }
            assertThat(in.readerIndex()).as("only looked at").isEqualTo(3);
            before += piece.length();
        }
        return boundaries;
    }

    private void follow(String text) {
        frames.follow(Bytes.buffer(text, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64, 1000, 100_000})
    void findsTheEndOfEveryFrameWhateverThePieces(int size) {
        String text = String.join("", FRAMES);

        assertThat(boundaries(frames, Bytes.fragments(text, size))).isEqualTo(ends(FRAMES));
        assertThat(frames.closeBegun()).isFalse();
    }

    @Test
    void findsTheEndOfEveryFrameWhereverTheyAreCutInTwo() {
        String text = String.join("", FRAMES);
        for (int cut = 1; cut < text.length(); cut++) {
            assertThat(
                    boundaries(new WebSocketFrames(), List.of(text.substring(0, cut), text.substring(cut))))
                    .as("cut at %s", cut)
                    .isEqualTo(ends(FRAMES));
        }
    }

    @Test
    void beginsAtABoundary() {
        assertThat(frames.atBoundary()).isTrue();
        assertThat(frames.followOne(Bytes.buffer("", 3), 3)).isEqualTo(3);
        assertThat(frames.atBoundary()).isTrue();
    }

    @Test
    void aLengthMayBeAsLongAsALongAllows() {
        follow("\u0082\u007f\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
        follow("x".repeat(100_000));

        assertThat(frames.atBoundary()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0082\u00ff\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "\u0082\u00ff\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fc",
        "\u0082\u007f\u0080\0\0\0\0\0\0\0", "\u0082\u00ff\u0080\0\0\0\0\0\0\0",
        "\u0082\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "\u0082\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fc"})
    void aFrameOfAnAbsurdLengthNeverEnds(String header) {
        follow(header);
        for (int i = 0; i < 1000; i++) {
            follow("\u0081\u0000".repeat(100));
            assertThat(frames.atBoundary()).isFalse();
        }
        assertThat(frames.closeBegun()).as("that is payload").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {CLOSE, MASKED_CLOSE, "\u0088\u0000", "\u0008\u0000", "\u00f8\u0080KEY!"})
    void nothingIsAFrameBehindAClose(String close) {
        follow("\u0081\u0002hi");
        for (int i = 0; i < close.length(); i++) {
            assertThat(frames.closeBegun()).isEqualTo(i > 0);
            assertThat(frames.closed()).isFalse();
            follow(close.substring(i, i + 1));
            assertThat(frames.atBoundary()).as("nothing may be put in from here on").isFalse();
        }
        assertThat(frames.closed()).isTrue();
        follow("\u0081\u0002hi");
        assertThat(frames.closed()).isTrue();
        assertThat(frames.atBoundary()).isFalse();
    }

    @Test
    void aPayloadThatLooksLikeACloseIsNone() {
        follow("\u0082\u0004" + CLOSE + "\u0081\u0082" + CLOSE + "\0\0");

        assertThat(frames.closeBegun()).isFalse();
        assertThat(frames.atBoundary()).isTrue();
    }

    @Test
    void randomFramesInRandomPiecesEndWhereTheyWereMadeToEnd() {
        SplittableRandom random = new SplittableRandom(20_261_120);
        for (int round = 0; round < 2000; round++) {
            List<String> made = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                made.add(frame(random));
            }
            assertThat(boundaries(new WebSocketFrames(), pieces(random, String.join("", made))))
                    .as("round %s", round)
                    .isEqualTo(ends(made));
        }
    }

    /** Any but a Close; now and then its length has more octets than it needs. */
    private static String frame(SplittableRandom random) {
        int opcode = random.nextInt(0x10);
        int first = random.nextInt(0x10) << 4 | (opcode == 8 ? 9 : opcode);
        int length = random.nextInt(1 << random.nextInt(18));
        boolean masked = random.nextBoolean();
        StringBuilder frame = new StringBuilder().append((char) first);
        int mask = masked ? 0x80 : 0;
        if (length < 126 && random.nextInt(4) > 0) {
            frame.append((char) (mask | length));
        } else if (length < 1 << 16 && random.nextInt(4) > 0) {
            frame.append((char) (mask | 126)).append((char) (length >>> 8)).append((char) (length & 0xff));
        } else {
            frame.append((char) (mask | 127)).append("\0\0\0\0\0").append((char) (length >>> 16))
                    .append((char) (length >>> 8 & 0xff)).append((char) (length & 0xff));
        }
        int octets = length + (masked ? 4 : 0);
        for (int i = 0; i < octets; i++) {
            frame.append((char) random.nextInt(0x100));
        }
        return frame.toString();
    }

    private static List<String> pieces(SplittableRandom random, String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = Math.min(text.length(), from + 1 + random.nextInt(1 << random.nextInt(16)));
            pieces.add(text.substring(from, end));
            from = end;
        }
        return pieces;
    }
}
