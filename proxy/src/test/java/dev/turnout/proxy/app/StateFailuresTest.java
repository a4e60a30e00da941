package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of docs/operations.md, "When the state directory is not well", as far as no test of one part has it. */
@SuppressWarnings("try") // what a rig closes may be interrupted
class StateFailuresTest {
    private static final int CHANGES = 20;
    private static final String BEFORE = "{\"version\":0,\"at\":\"2026-01-01T00:00:00Z\",\"actor\":\"ann\","
            + "\"action\":\"split\",\"route\":\"shop\",\"before\":\"-\",\"after\":\"-\"}\n";

    @RegisterExtension
    private final Rig rig = new Rig();
    private TwoSides sides;
    private Path config;

    @BeforeEach
    void make() throws IOException {
        sides = new TwoSides(rig);
        config = rig.stateDir().resolve("turnout.conf");
        Files.writeString(config, Rig.ADMIN + sides.route("shop", ""));
    }

    private Path file(String name) {
        return rig.stateDir().resolve(name);
    }

    private TurnoutProcess run() throws IOException {
        return rig.closing(TurnoutProcess.run(rig.stateDir()));
    }

    private Operator operator(TurnoutProcess process) throws IOException {
        return rig.closing(new Operator(process.admin()));
    }

    private static void change(Operator operator, int from, int to) throws Exception {
        for (int green = from; green <= to; green++) {
            String reason = "r" + "x".repeat(400);
            assertThat(operator.ask("PUT", "/routes/shop/split",
                    "{\"green\":" + green + ",\"reason\":\"" + reason + "\"}").statusCode()).isEqualTo(200);
        }
    }

    /** What the process may write to any one file; as if the disk were full behind that. */
    private static void fill(TurnoutProcess process, long bytes) throws Exception {
        process.exposeTo("prlimit", "--fsize=" + bytes, "--pid");
    }

    /** Oldest first. */
    private static List<Long> audited(Operator operator) throws Exception {
        return StreamSupport.stream(operator.get("/audit?limit=1000").spliterator(), false)
                .map(entry -> entry.path("version").asLong()).filter(version -> version > 0).toList()
                .reversed();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void aFullDiskAtTheJournalRefusesChangesUntilARestartAndNothingElse() throws Exception {
        TurnoutProcess process = run();
        Operator operator = operator(process);
        change(operator, 1, CHANGES);
        JsonNode before = operator.routes();
        fill(process, Files.size(file("journal")) + 20);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = operator.split("shop", 99);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Operator.json(refused).path("code").asText()).isEqualTo("not_durable");
        }
        Files.writeString(config, Rig.ADMIN + sides.route("shop", "split.green = 50%, limits.body = 1B")
                + sides.route("new", ""));
        HttpResponse<String> reload = operator.ask("POST", "/reload", "");
        assertThat(reload.statusCode()).isEqualTo(409);
        assertThat(reload.body()).contains("journal");
        assertThat(operator.routes()).isEqualTo(before);
        RawConnection client = rig.closing(RawConnection.to(process.address()));
        assertThat(TwoSides.ask(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"))
                .startsWith("HTTP/1.1 200 OK\r\n");
        process.kill();

        Files.writeString(config, Rig.ADMIN + sides.route("shop", ""));
        TurnoutProcess again = run();
        assertThat(again.log()).contains("20 bytes of a change that was never acknowledged were cut off");
        Operator after = operator(again);
        assertThat(after.get("/routes/shop").path("split").path("green").asInt()).isEqualTo(CHANGES);
        change(after, CHANGES + 1, CHANGES + 1);
        assertThat(audited(after)).isEqualTo(upTo(CHANGES + 1));
    }

    @Test
    void aFullDiskAtTheAuditLetsTheChangeStandAndRefusesTheNext() throws Exception {
        Files.writeString(file("audit.log"), BEFORE.repeat(500));
        TurnoutProcess process = run();
        Operator operator = operator(process);
        change(operator, 1, 1);
        fill(process, Files.size(file("audit.log")) + 20);
        assertThat(operator.split("shop", 2).statusCode()).as("it is in the journal").isEqualTo(200);
        HttpResponse<String> refused = operator.split("shop", 3);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("audit: refused since an earlier entry could not be written");
        assertThat(audited(operator)).as("the log can still be read").isEqualTo(upTo(1));
        assertThat(operator.get("/routes/shop").path("split").path("green").asInt()).isEqualTo(2);
        process.kill();

        Operator after = operator(run());
        assertThat(audited(after)).as("what was missing has been added").isEqualTo(upTo(2));
        assertThat(after.get("/routes/shop").path("split").path("green").asInt()).isEqualTo(2);
    }

    /** What happened to the audit log while nobody looked. */
    enum Accident {
        DELETED, TORN, EMPTIED;

        void happen(Path audit) throws IOException {
            try (FileChannel channel = FileChannel.open(audit, StandardOpenOption.WRITE)) {
                switch (this) {
                    case DELETED -> Files.delete(audit);
                    case TORN -> channel.truncate(channel.size() - 10);
                    case EMPTIED -> channel.truncate(0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheAuditLacksTheJournalGivesBack(Accident accident) throws Exception {
        String route = sides.route("shop", "");
        try (Rig first = new Rig(rig.stateDir())) {
            first.startFile(route);
            change(first.closing(new Operator(first.turnout().admin())), 1, 5);
        }
        accident.happen(file("audit.log"));
        rig.startFile(route);
        Operator operator = rig.closing(new Operator(rig.turnout().admin()));
        List<Long> known = audited(operator);

        assertThat(known).as("at least what is in effect, nothing twice")
                .isEqualTo(known.stream().distinct().toList())
                .endsWith(5L);
        change(operator, 6, 6);
        assertThat(audited(operator)).endsWith(5L, 6L);
    }

    @Test
    void aJournalThatWasMovedAwayGivesTheFileBackAndVersionsGoOn() throws Exception {
        String route = sides.route("shop", "split.green = 7%");
        try (Rig first = new Rig(rig.stateDir())) {
            first.startFile(route);
            change(first.closing(new Operator(first.turnout().admin())), 1, 5);
        }
        Files.move(file("journal"), file("journal.kept"));
        rig.startFile(route);
        Operator operator = rig.closing(new Operator(rig.turnout().admin()));

        assertThat(operator.get("/routes/shop").path("split").path("green").asInt()).isEqualTo(7);
        change(operator, 6, 6);
        assertThat(audited(operator)).as("no number stands for two changes").isEqualTo(upTo(6));
    }

    @ParameterizedTest
    @CsvSource({"journal", "audit.log", "lock"})
    void aFileThatCannotBeOpenedIsNamedWithWhatIsExpected(String name) throws Exception {
        Files.createSymbolicLink(file(name), Path.of("/nowhere/" + name));
        assertThatThrownBy(() -> rig.startFile(sides.route("shop", ""))).isInstanceOf(IOException.class)
                .hasMessageContaining(file(name).toString())
                .hasMessageContaining("NoSuchFileException")
                .hasMessageContaining("(expected: a f");
        Files.delete(file(name));
        rig.startFile(sides.route("shop", ""));
        assertThat(TwoSides.ask(rig.client("shop"), TwoSides.GET)).endsWith("blue");
    }

    @Test
    void aDamagedAuditLineStopsTheStartWithItsFile() throws Exception {
        Files.writeString(file("audit.log"), BEFORE + "what is this\n");
        assertThatThrownBy(
                () -> Turnout.start(Configs.load(rig.stateDir(), Rig.ADMIN + sides.route("shop", ""))))
                .isInstanceOf(IOException.class).hasMessageContaining(file("audit.log").toString())
                .hasMessageContaining("what is this");
    }

    @Test
    void aSecondProcessOnTheSameStateIsRefusedAndTheFirstGoesOn() throws Exception {
        TurnoutProcess first = run();
        assertThatThrownBy(this::run).isInstanceOf(IOException.class)
                .hasMessageContaining("in use by another process")
                .hasMessageContaining("(expected: one state directory for each turnout run)");
        change(operator(first), 1, 1);
    }
}
