package dev.turnout.proxy.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    @TempDir
    Path directory = Path.of("");

    private Path file() {
        return directory.resolve("journal");
    }

    private void write(String... records) throws IOException {
        try (Journal journal = Journal.open(directory)) {
            for (String record : records) {
                journal.append(record);
            }
        }
    }

    private List<String> replayed() throws IOException {
        try (Journal journal = Journal.open(directory)) {
            return journal.replayed();
        }
    }

    @Test
    void beginsEmpty() throws IOException {
        assertThat(replayed()).isEmpty();
    }

    @Test
    void givesBackWhatWasAppendedInItsOrder() throws IOException {
        write("one", "", "\u00E4 \uD83D\uDE80\r");
        write("four");
        assertThat(replayed()).containsExactly("one", "", "\u00E4 \uD83D\uDE80\r", "four");
    }

    @Test
    void writesLinesThatAPersonCanRead() throws IOException {
        write("123456789");
        // The check value of CRC-32C, as every table of checksums has it.
        assertThat(Files.readString(file())).isEqualTo("e3069283 123456789\n");
    }

    @Test
    void refusesARecordOfTwoLines() throws IOException {
        try (Journal journal = Journal.open(directory)) {
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append("a\nb"));
            journal.append("c");
        }
        assertThat(replayed()).as("nothing of it was written").containsExactly("c");
    }

    @Test
    void knowsItsSize() throws IOException {
        write("one");
        try (Journal journal = Journal.open(directory)) {
            journal.append("two");
            assertThat(journal.size()).isEqualTo(Files.size(file()));
        }
    }

    @Test
    void cutsATornTailOffWhereverItTore() throws IOException {
        write("one", "two", "the last, \u00E4");
        byte[] whole = Files.readAllBytes(file());
        int last = new String(whole, UTF_8).indexOf("two\n") + 4;
        for (int end = last; end < whole.length; end++) {
            Files.write(file(), Arrays.copyOf(whole, end));
            try (Journal journal = Journal.open(directory)) {
                assertThat(journal.replayed()).as("torn at byte %s", end).containsExactly("one", "two");
                assertThat(journal.tornBytes()).isEqualTo(end - last);
                journal.append("next");
            }
            assertThat(replayed()).as("torn at byte %s, then appended", end).containsExactly("one", "two",
                    "next");
        }
    }

    @Test
    void cutsOffATailOfZeros() throws IOException {
        write("one");
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length + 4096));
        assertThat(replayed()).as("a file grows before its bytes arrive").containsExactly("one");
    }

    @Test
    void cutsOffARecordWhoseEndReachedTheDiskBeforeItsBeginning() throws IOException {
        write("one", "two");
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 13, 20, (byte) 0);
        Files.write(file(), bytes);
        assertThat(replayed()).containsExactly("one");
    }

    @Test
    void refusesDamageAtEveryByteButTheLast() throws IOException {
        write("first", "second");
        byte[] whole = Files.readAllBytes(file());
        int second = new String(whole, UTF_8).indexOf('\n') + 1;
        for (int at = 0; at < whole.length - 1; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file(), damaged);
            assertThatIOException().as("byte %s: what was acknowledged is not dropped in silence", at)
                    .isThrownBy(this::replayed)
                    .withMessageStartingWith(
                            file() + ": damaged at byte " + (at < second ? 0 : second) + " (expected: ");
        }
    }

    @Test
    void saysWhereTheDamageIs() throws IOException {
        write("one", "two", "three");
        Files.writeString(file(), Files.readString(file()).replace("two", "owt"));
        assertThatIOException().isThrownBy(this::replayed).withMessageContaining("damaged at byte 13 ");
    }

    @Test
    void leavesADamagedFileAsItIs() throws IOException {
        write("one", "two");
        String damaged = Files.readString(file()).replace("one", "eno");
        Files.writeString(file(), damaged);
        assertThatIOException().isThrownBy(this::replayed);
        assertThat(Files.readString(file())).as("it is all that there is to repair").isEqualTo(damaged);
    }

    @Test
    void aRewriteReplacesEverything() throws IOException {
        write("one", "two");
        try (Journal journal = Journal.open(directory)) {
            journal.rewrite(List.of("both"));
        }
        assertThat(replayed()).containsExactly("both");
    }

    @Test
    void appendsBehindARewrite() throws IOException {
        try (Journal journal = Journal.open(directory)) {
            journal.append("one");
            journal.rewrite(List.of("1"));
            journal.append("two");
            assertThat(journal.size()).isEqualTo(Files.size(file()));
        }
        assertThat(replayed()).containsExactly("1", "two");
    }

    @Test
    void aRewriteThatACrashCutShortNeverHappened() throws IOException {
        write("one");
        Files.writeString(directory.resolve("journal.next"), "0000");
        assertThat(replayed()).containsExactly("one");
    }

    @Test
    void aRewriteThatFailsLeavesTheOldJournalInUse() throws IOException {
        Files.createSymbolicLink(directory.resolve("journal.next"), Path.of("/dev/full"));
        try (Journal journal = Journal.open(directory)) {
            journal.append("one");
            assertThatIOException().isThrownBy(() -> journal.rewrite(List.of("x")))
                    .withMessageContaining("journal.next");
            journal.append("two");
        }
        assertThat(replayed()).containsExactly("one", "two");
    }

    /** In a process that may write files of one KiB only: the system itself breaks a record off in its middle. */
    @Test
    void refusesEverythingAfterAWriteThatFailed() throws IOException, InterruptedException {
        List<String> said = new OtherProcess("ulimit -f 1; ").run("fill", directory);
        assertThat(said.getFirst()).startsWith("appended ");
        assertThat(said.get(1)).contains("File too large");
        assertThat(said.get(2)).as("nobody knows what the disk holds")
                .contains("refused since an earlier write failed").contains("restart to go on");
        int appended = Integer.parseInt(said.getFirst().substring("appended ".length()));
        try (Journal journal = Journal.open(directory)) {
            assertThat(journal.replayed()).as("what was acknowledged, and only that").hasSize(appended);
            assertThat(journal.tornBytes()).as("half a record was there").isPositive();
            journal.append("goes on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "rewrite"})
    void refusesToGoOnWhenClosedUnderneath(String what) throws IOException {
        Journal journal = Journal.open(directory);
        journal.close();
        assertThatIOException().isThrownBy(() -> journal.append("one"));
        assertThatIOException().isThrownBy(() -> {
            if (what.equals("append")) {
                journal.append("two");
            } else {
                journal.rewrite(List.of("two"));
            }
        }).withMessageContaining("restart to go on");
    }
}
