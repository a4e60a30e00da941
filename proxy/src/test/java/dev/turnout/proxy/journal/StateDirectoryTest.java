package dev.turnout.proxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    Path parent = Path.of("");

    private Path directory() {
        return parent.resolve("a").resolve("state");
    }

    @Test
    void makesTheFolder() throws IOException {
        StateDirectory.hold(directory()).close();
        assertThat(directory()).isDirectory();
    }

    @Test
    void refusesASecondHolder() throws IOException {
        try (StateDirectory held = StateDirectory.hold(directory())) {
            assertThatIOException().isThrownBy(() -> StateDirectory.hold(held.path()))
                    .withMessageContaining("in use by another process");
        }
    }

    @Test
    void refusesAHolderInAnotherProcess() throws IOException, InterruptedException {
        try (StateDirectory held = StateDirectory.hold(directory())) {
            assertThat(new OtherProcess("").run("hold", held.path()).getFirst())
                    .as("two writers would tear each other's journal")
                    .contains("in use by another process");
        }
    }

    @Test
    void canBeHeldAgainWhenItWasLetGo() throws IOException {
        StateDirectory.hold(directory()).close();
        assertThatCode(() -> StateDirectory.hold(directory()).close()).doesNotThrowAnyException();
    }

    @Test
    void canBeHeldAgainWhenItsHolderIsGone() throws IOException, InterruptedException {
        assertThat(new OtherProcess("").run("hold", directory())).containsExactly("held " + directory());
        assertThatCode(() -> StateDirectory.hold(directory()).close()).doesNotThrowAnyException();
    }

    @Test
    void saysWhatIsWrongWithAPlaceThatIsNoFolder() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatIOException().isThrownBy(() -> StateDirectory.hold(file))
                .withMessageStartingWith("state-dir: " + file + ": cannot be written, ")
                .withMessageEndingWith("(expected: a folder that this user may write to)");
    }

    @Test
    void saysWhatIsWrongWithAPlaceInsideAFile() throws IOException {
        Path inside = Files.createFile(parent.resolve("file")).resolve("state");
        assertThatIOException().isThrownBy(() -> StateDirectory.hold(inside))
                .withMessageContaining("cannot be written");
    }
}
