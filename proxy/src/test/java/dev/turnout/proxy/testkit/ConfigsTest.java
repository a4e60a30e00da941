package dev.turnout.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.turnout.config.Address;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Transport;
import dev.turnout.config.TurnoutConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigsTest {
    @TempDir
    private Path folder;

    @Test
    void whatATestAddsWins() {
        TurnoutConfig config = Configs.oneRoute(folder, List.of("blue.test:1", "127.0.0.1:2"),
                Configs.local(List.of(3)),
                """
                        timeouts { connect = 1s, request = 200ms }
                        split.green = 50%
                        """,
                "turnout { limits.head = 2KiB, transport = nio, event-loops = 2 }");

        assertThat(config.limits().headBytes()).isEqualTo(2048);
        assertThat(config.transport()).isEqualTo(Transport.NIO);
        assertThat(config.eventLoops()).isEqualTo(2);
        RouteConfig route = config.routes().getFirst();
        assertThat(route.blue()).containsExactly(new Address("blue.test", 1), new Address("127.0.0.1", 2));
        assertThat(route.green()).containsExactly(new Address("127.0.0.1", 3));
        assertThat(route.split().green()).isEqualTo(new Share(500_000));
        assertThat(route.http().timeouts().connect()).isEqualTo(Duration.ofSeconds(1));
        assertThat(route.http().timeouts().request()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void theStateIsKeptBesideTheFile() {
        assertThat(Configs.oneRoute(folder, Transport.AUTO, List.of(1), List.of(2), true).stateDir())
                .isEqualTo(folder.toAbsolutePath());
    }

    @Test
    void aLineThatDoesNotLoadSaysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configs.oneRoute(folder, List.of("b:1"), List.of("g:1"),
                        "timeouts.heat = 1s", ""))
                .withMessageContaining("timeouts.heat");
    }
}
