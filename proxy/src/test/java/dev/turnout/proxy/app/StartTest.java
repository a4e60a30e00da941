package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.testkit.Configs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the way of a start is named, and nothing is left running. */
class StartTest {
    @TempDir
    private Path folder;
    private ServerSocket taken;

    @BeforeEach
    void takeAPort() throws IOException {
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private TurnoutConfig config(String route, String top) {
        return Configs.oneRoute(folder, List.of("127.0.0.1:1"), List.of("127.0.0.1:2"), route, top);
    }

    private String takenAddress() {
        return "127.0.0.1:" + taken.getLocalPort();
    }

    @Test
    void namesAPortInUse() {
        TurnoutConfig config = config("listen = \"" + takenAddress() + "\"", "");

        assertThatThrownBy(() -> Turnout.start(config)).isInstanceOf(IOException.class)
                .hasMessageContaining("listen: " + takenAddress())
                .hasMessageContaining("Address already in use")
                .hasMessageContaining("expected: a free address of this machine");
        assertCleanedUp();
    }

    @Test
    void namesATakenAdminPortBeforeItServesARequest() {
        TurnoutConfig config = config("", "turnout.admin.listen = \"" + takenAddress() + "\"");

        assertThatThrownBy(() -> Turnout.start(config)).isInstanceOf(IOException.class)
                .hasMessageContaining("listen: " + takenAddress());
        assertCleanedUp();
    }

    @Test
    void namesAStateDirectoryThatAnotherProcessHolds() throws IOException {
        try (Turnout first = Turnout.start(config("", ""))) {
            assertThat(first.admin()).isNotNull();
            assertThatThrownBy(() -> Turnout.start(config("", ""))).isInstanceOf(IOException.class)
                    .hasMessageContaining(folder.toString());
        }
        assertCleanedUp();
    }

    @Test
    void namesAStateDirectoryThatIsAFile() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        TurnoutConfig config = config("", "turnout.state-dir = file");

        assertThatThrownBy(() -> Turnout.start(config)).isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve("file").toString());
    }

    @Test
    void namesAnAccessLogThatCannotBeWritten() {
        TurnoutConfig config = config("", "turnout.access-log = \"nowhere/access.log\"");

        assertThatThrownBy(() -> Turnout.start(config)).isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere/access.log");
        assertCleanedUp();
    }

    /** The state directory is free again, and so a start succeeds. */
    private void assertCleanedUp() {
        try (Turnout next = Turnout.start(config("", ""))) {
            assertThat(next.admin()).isNotNull();
        } catch (IOException e) {
            throw new AssertionError("something was left", e);
        }
    }
}
