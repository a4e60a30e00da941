package dev.turnout.proxy.metrics.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path home = Path.of("");

    private Path folder = home;
    private Path path = home;
    private LogFile file;
    private long now = Long.MAX_VALUE;

    LogFileTest() throws IOException {
        file = LogFile.open(Path.of("/dev/null"), this::now);
    }

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(home.resolve("log"));
        path = folder.resolve("access.log");
        reopen();
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    private void reopen() throws IOException {
        file.close();
        file = LogFile.open(path, this::now);
    }

    private long now() {
        return now;
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }

    private void write(String lines) throws IOException {
        file.write(ByteBuffer.wrap(lines.getBytes(US_ASCII)));
    }

    @Test
    void isForItsOwnerToWriteAndItsGroupToRead() throws IOException {
        assertThat((int) Files.getAttribute(path, "unix:mode") & ~0640 & 0777).isZero();
    }

    @Test
    void goesOnBehindWhatIsThere() throws IOException {
        write("one\n");
        reopen();
        write("two\n");
        assertThat(path).hasContent("one\ntwo\n");
    }

    @Test
    void endsALineThatACrashLeftInPart() throws IOException {
        Files.writeString(path, "one\ntw");
        reopen();
        write("three\n");
        assertThat(path).hasContent("one\ntw\nthree\n");
    }

    @Test
    void doesNotLookForAnotherFileWithinASecond() throws IOException {
        advance(Duration.ofSeconds(1));
        write("one\n");
        Path old = Files.move(path, folder.resolve("access.log.1"));
        advance(Duration.ofMillis(999));
        write("two\n");
        assertThat(old).hasContent("one\ntwo\n");
        assertThat(path).doesNotExist();
    }

    @Test
    void beginsANewFileWhenItsOwnWasRenamed() throws IOException {
        write("one\n");
        Path old = Files.move(path, folder.resolve("access.log.1"));
        advance(Duration.ofSeconds(1));
        write("two\n");
        assertThat(old).hasContent("one\n");
        assertThat(path).hasContent("two\n");
    }

    @Test
    void goesOverToTheFileThatTookItsPlace() throws IOException {
        advance(Duration.ofSeconds(1));
        write("one\n");
        Path old = Files.move(path, folder.resolve("access.log.1"));
        Files.writeString(path, "begun by someone else\n");
        advance(Duration.ofSeconds(1));
        write("two\n");
        assertThat(old).hasContent("one\n");
        assertThat(path).hasContent("begun by someone else\ntwo\n");
    }

    @Test
    void beginsANewFileWhenItsOwnWasRemoved() throws IOException {
        write("one\n");
        Files.delete(path);
        advance(Duration.ofSeconds(1));
        write("two\n");
        assertThat(path).hasContent("two\n");
    }

    @Test
    void followsOneRenameAfterTheOther() throws IOException {
        for (int i = 0; i < 5; i++) {
            advance(Duration.ofSeconds(1));
            write(i + "\n");
            Files.move(path, folder.resolve("access.log." + i));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(folder.resolve("access.log." + i)).hasContent(i + "\n");
        }
    }

    @Test
    void waitsForItsFolderToComeBack() throws IOException {
        write("one\n");
        Files.delete(path);
        Files.delete(folder);
        advance(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            assertThatIOException().isThrownBy(() -> write("two\n"))
                    .withMessage("access-log: " + path + ": no such folder: " + folder);
        }
        Files.createDirectory(folder);
        write("three\n");
        assertThat(path).hasContent("three\n");
    }

    @Test
    void namesAFullDisk() throws IOException {
        path = Path.of("/dev/full");
        reopen();
        assertThatIOException().isThrownBy(() -> write("one\n"))
                .withMessage("access-log: /dev/full: No space left on device");
    }

    @Test
    void refusesAFolder() {
        path = folder;
        assertThatIOException().isThrownBy(this::reopen)
                .withMessageStartingWith("access-log: " + folder + ": is a folder (expected: ");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        path = folder.resolve("missing/access.log");
        assertThatIOException().isThrownBy(this::reopen)
                .withMessageContaining(
                        path + ": no such folder: " + folder.resolve("missing") + " (expected");
    }

    @Test
    void refusesAFolderThatIsAFile() {
        Path below = path.resolve("access.log");
        path = below;
        assertThatIOException().isThrownBy(this::reopen)
                .withMessageContaining(below + ": not a folder: " + below.getParent());
    }

    @Test
    void refusesWhatItMayNotWrite() {
        path = Path.of("/proc/sys/kernel/ostype");
        assertThatIOException().as("nobody may, not even root").isThrownBy(this::reopen)
                .withMessageStartingWith("access-log: /proc/sys/kernel/ostype: ");
    }

    @Test
    void refusesANamedPipe() throws IOException, InterruptedException {
        path = folder.resolve("pipe");
        Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThatIOException().as("to open it would wait for a reader").isThrownBy(this::reopen)
                .withMessageContaining(path + ": is a named pipe");
    }
}
