package dev.turnout.proxy.metrics.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineChannelTest {
    /** A disk with so much room, written to in pieces. */
    private static final class SmallDisk implements WritableByteChannel {
        private final StringBuilder content = new StringBuilder();
        private int room;

        SmallDisk(int room) {
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int piece = Math.min(Math.min(3, room), bytes.remaining());
            for (int i = 0; i < piece; i++) {
                content.append((char) bytes.get());
            }
            room -= piece;
            return piece;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static ByteBuffer lines(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, a|", "3, aaa|", "4, aaa|", "5, aaa|b|", "7, aaa|bbb|", "8, aaa|bbb|"})
    void endsWhatWasBrokenOffBeforeAnythingElse(int room, String before) throws IOException {
        SmallDisk disk = new SmallDisk(room);
        LineChannel channel = new LineChannel(disk, false);
        ByteBuffer batch = lines("aaa\nbbb\nccc\n");
        assertThatIOException().isThrownBy(() -> channel.write(batch));
        assertThat(batch.position()).as("what was written, and no more").isEqualTo(room);
        disk.room = 100;
        channel.write(lines("ddd\n"));
        channel.write(lines("eee\n"));
        assertThat(disk.content.toString()).isEqualTo(before.replace('|', '\n') + "ddd\neee\n");
    }

    @Test
    void doesNotForgetABrokenLineWhileItCannotBeEnded() throws IOException {
        SmallDisk disk = new SmallDisk(2);
        LineChannel channel = new LineChannel(disk, false);
        for (int i = 0; i < 3; i++) {
            assertThatIOException().isThrownBy(() -> channel.write(lines("aaa\n")));
        }
        disk.room = 100;
        channel.write(lines("bbb\n"));
        assertThat(disk.content.toString()).isEqualTo("aa\nbbb\n");
    }

    @Test
    void endsWhatSomeoneElseBrokeOff() throws IOException {
        SmallDisk disk = new SmallDisk(100);
        new LineChannel(disk, true).write(lines("aaa\n"));
        assertThat(disk.content.toString()).isEqualTo("\naaa\n");
    }

    @Test
    void doesNotTryForEverWhereNothingIsTaken() {
        WritableByteChannel stuck = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                return 0;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        assertThatIOException().isThrownBy(() -> new LineChannel(stuck, false).write(lines("aaa\n")))
                .withMessageContaining("takes no more");
    }
}
