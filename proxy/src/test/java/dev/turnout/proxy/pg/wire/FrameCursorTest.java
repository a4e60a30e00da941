package dev.turnout.proxy.pg.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCursorTest {
    private static final String THREE = "Q\0\0\0\tabcd\0" + "S\0\0\0\4" + "d\0\0\0\7xyz";

    private static Frames whole(String stream, int want) {
        Frames frames = new Frames(want);
        assertThat(frames.advance(Bytes.buffer(stream))).isNull();
        return frames;
    }

    @Test
    void tellsOfEachMessageWithAsMuchOfItsBodyAsIsWanted() {
        assertThat(whole(THREE, 2).seen()).containsExactly("Q 5", "Q:6162", "S 0", "S:", "d 3", "d:7879");
        assertThat(whole(THREE, 0).seen()).containsExactly("Q 5", "Q:", "S 0", "S:", "d 3", "d:");
        assertThat(whole(THREE, 100).seen()).containsExactly("Q 5", "Q:6162636400", "S 0", "S:", "d 3",
                "d:78797a");
    }

    @ParameterizedTest(name = "{0} bytes wanted")
    @ValueSource(ints = {0, 1, 3, 5, 1000})
    void seesTheSameMessagesWhateverTheFragments(int want) {
        String stream = THREE + "D\0\0\1\4" + "r".repeat(256) + THREE;
        List<String> expected = whole(stream, want).seen();
        for (int size = 1; size <= stream.length(); size++) {
            Frames frames = new Frames(want);
            for (String piece : Bytes.fragments(stream, size)) {
                assertThat(frames.advance(Bytes.buffer(piece, size % 3))).isNull();
            }
            assertThat(frames.seen()).as("in pieces of %s", size).isEqualTo(expected);
            assertThat(frames.between()).isTrue();
        }
        for (int cut = 0; cut <= stream.length(); cut++) {
            Frames frames = new Frames(want);
            frames.advance(Bytes.buffer(stream.substring(0, cut)));
            frames.advance(Bytes.buffer(stream.substring(cut)));
            assertThat(frames.seen()).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    @Test
    void standsBetweenTwoMessagesOnlyBehindTheLastByteOfOne() {
        Frames frames = new Frames(2);
        String message = "Q\0\0\0\7abc";
        assertThat(frames.between()).isTrue();
        for (int i = 0; i < message.length(); i++) {
            frames.advance(Bytes.buffer(message.substring(i, i + 1)));
            assertThat(frames.between()).as("behind %s bytes", i + 1).isEqualTo(i == message.length() - 1);
        }
    }

    @Test
    void readsNothingFromTheBuffer() {
        ByteBuf in = Bytes.buffer(THREE, 7);
        new Frames(3).advance(in);
        assertThat(Bytes.text(in)).isEqualTo(THREE);
    }

    @Test
    void aBodyThatIsNotWantedPassesInAnyNumberOfPieces() {
        Frames frames = new Frames(0);
        frames.advance(Bytes.buffer("d\0\0\3\354"));
        for (int i = 0; i < 1000; i++) {
            assertThat(frames.between()).isFalse();
            frames.advance(Bytes.buffer("x"));
        }
        assertThat(frames.between()).isTrue();
        assertThat(frames.seen()).containsExactly("d 1000", "d:");
    }

    @ParameterizedTest
    @CsvSource({"0,0,0,0,message length: 0 (expected: 4 or more)",
        "0,0,0,3,message length: 3 (expected: 4 or more)",
        "255,255,255,255,message length: -1 (expected: 4 or more)",
        "128,0,0,4,message length: -2147483644 (expected: 4 or more)", "127,255,255,255,too long: 2147483643",
        "0,0,3,237,too long: 1001"})
    void aLengthThatCannotBeIsTheEnd(int first, int second, int third, int fourth, String why) {
        String stream = THREE + "Q" + (char) first + (char) second + (char) third + (char) fourth;
        for (int size = 1; size <= stream.length(); size++) {
            Frames frames = new Frames(1);
            String wrong = null;
            for (String piece : Bytes.fragments(stream, size)) {
                wrong = frames.advance(Bytes.buffer(piece));
            }
            assertThat(wrong).as("in pieces of %s", size).isEqualTo(why);
            assertThat(frames.advance(Bytes.buffer(THREE))).as("for good").isEqualTo(why);
            assertThat(frames.seen()).hasSize(6);
            assertThat(frames.between()).isFalse();
        }
    }
}
