package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.turnout.admin.AuditTrail.Entry;
import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.EndpointKey;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.journal.AuditFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditTest {
    private static final String FILE = """
            turnout.routes.shop { protocol = http, listen = "127.0.0.1:0", blue.endpoints = ["b:1", "c:1"],
              green.endpoints = ["g:1"], split.green = 5% }
            turnout.routes.cart { protocol = http, listen = "127.0.0.1:0", blue.endpoints = ["b:1"],
              green.endpoints = ["g:1"] }
            """;

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        controller = rig.start(rig.file(FILE));
    }

    private static ChangeContext because(String reason) {
        return new ChangeContext("ann", Optional.of(reason), OptionalLong.empty(), Optional.empty());
    }

    private void set(String route, String percent) {
        controller.setSplit(route, Share.ofPercent(percent), because("to " + percent));
    }

    @Test
    void saysWhoChangedWhatFromWhatToWhatAndWhy() throws IOException {
        set("shop", "12.5");
        controller.setEndpoint(new EndpointKey("shop", Target.BLUE, new Address("c", 1)),
                EndpointState.DRAINED, because("kernel"));
        assertThat(rig.audited()).containsExactly(
                new Entry(1, rig.now, "ann", "split", Optional.of("shop"), Optional.empty(),
                        Optional.of("to 12.5"), "green 5%", "green 12.5%"),
                new Entry(2, rig.now, "ann", "endpoint", Optional.of("shop"), Optional.of("blue c:1"),
                        Optional.of("kernel"), "active", "drained"));
    }

    @Test
    void whatIsRefusedLeavesNothing() throws IOException {
        controller.setSplit("shop", Share.ALL,
                new ChangeContext("ann", Optional.empty(), OptionalLong.of(9), Optional.empty()));
        assertThat(rig.audited()).isEmpty();
    }

    @Test
    void aCrashBetweenJournalAndAuditIsMadeUpForAtTheNextStart() throws IOException {
        set("shop", "10");
        set("cart", "20");
        List<Entry> before = rig.audited();
        rig.close();
        Files.writeString(rig.folder.resolve("audit.log"),
                Files.readAllLines(rig.folder.resolve("audit.log")).getFirst() + "\n{\"half");
        rig.start(rig.file(FILE));
        assertThat(rig.audited()).isEqualTo(before);
    }

    @Test
    void outlivesTheJournalsCompaction() throws IOException {
        String reason = "x".repeat(16_000);
        long largest = 0;
        int changes = 0;
        while (rig.journal().size() >= largest) {
            largest = rig.journal().size();
            controller.setSplit("shop", new Share(changes), because(reason + changes));
            changes++;
        }
        assertThat(rig.audited()).hasSize(changes);
    }

    @Test
    void theNewestOfOneRouteComeFirst() throws IOException {
        for (int i = 0; i < 300; i++) {
            set(i % 2 == 0 ? "shop" : "cart", i % 100 + "");
        }
        try (AuditFile file = AuditFile.open(rig.folder)) {
            assertThat(new Audit(file).newest(2, Optional.of("cart"))).extracting(Entry::version)
                    .containsExactly(300L, 298L);
            assertThat(new Audit(file).newest(1000, Optional.empty())).extracting(Entry::version)
                    .hasSize(300).isSortedAccordingTo((one, other) -> Long.compare(other, one));
        }
    }

    @Test
    void aRouteNamedInAReasonIsNotThatRoutes() throws IOException {
        controller.setSplit("shop", Share.ALL, because("\"route\":\"cart\""));
        try (AuditFile file = AuditFile.open(rig.folder)) {
            assertThat(new Audit(file).newest(10, Optional.of("cart"))).isEmpty();
        }
    }

    @Test
    void aLineThatIsNoChangeIsNamedWithItsFile() throws IOException {
        Files.writeString(rig.folder.resolve("audit.log"), "something else\n", StandardOpenOption.APPEND);
        try (AuditFile file = AuditFile.open(rig.folder)) {
            assertThatIOException().isThrownBy(() -> new Audit(file).newest(10, Optional.empty()))
                    .withMessageContaining("audit.log").withMessageContaining("something else");
        }
    }

    @Test
    void whenItCannotBeWrittenChangesAreRefusedUntilARestart() throws IOException {
        rig.close();
        rig.breakTheAudit(FILE, broken -> {
            broken.setSplit("shop", Share.ALL, because("goes through, and is in the journal"));
            assertThat(broken.setSplit("shop", Share.NONE, because("refused")))
                    .isInstanceOfSatisfying(ChangeResult.NotDurable.class,
                            refused -> assertThat(refused.detail()).contains("audit").contains("restart"));
        });
        rig.start(rig.file(FILE));
        assertThat(rig.audited()).extracting(Entry::after).containsExactly("green 100%");
    }
}
