package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditCommandTest {
    private static final String ENTRIES = """
            [{'version':12,'at':'2026-11-20T00:00:02.345Z','actor':'ops','action':'split','route':'shop','subject':null,
              'reason':'canary looks good','before':'5%','after':'12.5%'},
             {'version':11,'at':'2026-11-20T00:00:01Z','actor':'ops','action':'endpoint','route':'shop',
              'subject':'blue 10.0.0.2:8080','reason':null,'before':'active','after':'drained'}]""";

    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void listsWhoChangedWhat() {
        api.on("GET", "/audit?limit=20", ScriptedApi.json(ENTRIES));
        assertThat(turnout.run("audit")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "TIME                  ACTOR  ACTION    ROUTE  SUBJECT             BEFORE  AFTER    REASON",
                "2026-11-20T00:00:02Z  ops    split     shop   -                   5%      12.5%    canary looks good",
                "2026-11-20T00:00:01Z  ops    endpoint  shop   blue 10.0.0.2:8080  active  drained  -");
    }

    @Test
    void asksForOneRouteAndAsManyAsWanted() throws Exception {
        api.on("GET", "/audit?limit=2&route=shop", ScriptedApi.json(ENTRIES));
        assertThat(turnout.run("audit", "shop", "--limit", "2", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out())).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit --limit 0", "audit --limit 1001", "audit --limit x", "audit ../x"})
    void explainsAWrongCommandLine(String words) {
        assertThat(turnout.run(words.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).startsWith("turnout: ")
                .contains(words.substring(words.lastIndexOf(' ') + 1));
        assertThat(api.requests()).isEmpty();
    }
}
