package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that is sent SIGHUP reads its file again. */
class HangUpTest {
    @RegisterExtension
    private final Rig rig = new Rig();

    @Test
    void aGoodFileTakesEffectAndABadOneIsLoggedWithAllThatIsWrong() throws Exception {
        TwoSides sides = new TwoSides(rig);
        Path file = rig.stateDir().resolve("turnout.conf");
        Files.writeString(file, Rig.ADMIN + sides.route("shop", ""));
        TurnoutProcess process = rig.closing(TurnoutProcess.run(rig.stateDir()));
        RawConnection client = rig.closing(RawConnection.to(process.address()));
        assertThat(TwoSides.ask(client, TwoSides.GET)).endsWith("blue");

        Files.writeString(file, Rig.ADMIN + sides.route("shop", "split.green = 100%"));
        process.exposeTo("kill", "-HUP");
        await().until(() -> TwoSides.ask(client, TwoSides.GET).endsWith("green"));
        await().until(() -> process.log().contains(
                "configuration read again by SIGHUP: route shop: split.green: 0% -> 100%"));

        Files.writeString(file, Rig.ADMIN + sides.route("shop", "split.green = 101%\nlistenn = x"));
        process.exposeTo("kill", "-HUP");
        await().until(() -> process.log().contains("2 problems, nothing was changed"));
        await().until(() -> process.log().lines().filter(line -> line.contains(" ERROR "))
                .anyMatch(line -> line.contains("did you mean listen?")));
        assertThat(process.log()).contains("\"101%\" (expected: 0% to 100%");
        assertThat(TwoSides.ask(client, TwoSides.GET)).endsWith("green");

        Files.delete(file);
        process.exposeTo("kill", "-HUP");
        await().until(() -> process.log().contains("1 problem, nothing was changed"));
        assertThat(TwoSides.ask(client, TwoSides.GET)).endsWith("green");
        assertThat(process.terminate()).as("it went on until now").isEqualTo(128 + 15);
    }
}
