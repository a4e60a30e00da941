package dev.turnout.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
    @TempDir
    private Path folder;

    @Test
    void endsWhatTheToolStarted() throws Exception {
        ProcessHandle child;
        try (Tool tool = Tool.start(folder, "bash", "-c", "sleep 600 & echo $!; wait")) {
            await().until(() -> tool.said().endsWith("\n"));
            child = ProcessHandle.of(Long.parseLong(tool.said().strip())).orElseThrow();
            assertThat(child.isAlive()).isTrue();
        }
        await().until(() -> !child.isAlive());
    }

    @Test
    void failsWithWhatTheToolSaid() throws Exception {
        try (Tool tool = Tool.start(folder, "bash", "-c", "echo no; exit 3")) {
            assertThatThrownBy(tool::lines).isInstanceOf(AssertionError.class).hasMessageContainingAll("no",
                    "3");
        }
    }

    @Test
    void namesTheCommandThatInstallsAMissingTool() {
        assertThatThrownBy(() -> Tool.require("no-such-tool")).hasMessageContaining(
                "no-such-tool is missing; run: mvn verify -DinstallTools=true");
    }

    @Test
    void namesTheCommandThatInstallsAMissingLibrary() {
        assertThatThrownBy(() -> Tool.requireLibrary("no_such_library", "bash", "-c", "echo no; exit 1"))
                .hasMessageContainingAll("no_such_library is missing; run: mvn verify -DinstallTools=true",
                        "no");
        assertThatThrownBy(() -> Tool.requireNodeClient("no-such-client"))
                .hasMessageContaining("no-such-client is missing; run: mvn verify -DinstallTools=true");
    }

    @Test
    void findsTheNodeClientsThatNpmHasInstalled() throws Exception {
        Tool.requireNodeClient("pg");
        Tool.requireNodeClient("postgres");
    }
}
