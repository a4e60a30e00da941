package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsCommandTest {
    private static final String FOUND = """
            {'total':3,'sessions':[
             {'id':1,'client':'10.1.2.3:50001','user':'app','database':'shop','application':'web','tls':true,'state':'idle',
              'class':'pinned','reasons':['listen'],'reason':'listen','target':'blue','endpoint':'10.0.0.1:5432','pid':4711,
              'since':'2026-11-20T12:00:00Z','stateSince':'2026-11-20T12:00:01.5Z'},
             {'id':12,'client':'[::1]:50002','user':'app','database':'shop','application':null,'tls':false,
              'state':'starting','class':'stateless','reasons':[],'reason':null,'target':null,'endpoint':null,'pid':0,
              'since':'2026-11-20T12:00:02Z','stateSince':'2026-11-20T12:00:02Z'}]}""";

    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void listsWhoIsConnectedAndHowManyMoreThereAre() {
        api.on("GET", "/routes/shop-db/sessions?limit=1000", ScriptedApi.json(FOUND));
        assertThat(turnout.run("sessions", "shop-db")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "ID  CLIENT          USER  DATABASE  APPLICATION  SIDE   PID  STATE     STATE SINCE           CLASS      REASON  SINCE",
                " 1  10.1.2.3:50001  app   shop      web          blue  4711  idle      2026-11-20T12:00:01Z  pinned     listen  2026-11-20T12:00:00Z",
                "12  [::1]:50002     app   shop      -            -        0  starting  2026-11-20T12:00:02Z  stateless  -       2026-11-20T12:00:02Z",
                "and 1 more (--limit shows them)");
    }

    @Test
    void asksForThoseThatFit() throws Exception {
        api.on("GET", "/routes/shop-db/sessions?user=a%20b&database=shop&state=idle&limit=5",
                ScriptedApi.json(FOUND));
        assertThat(
                turnout.run("sessions", "shop-db", "--user", "a b", "--database", "shop", "--state", "idle",
                        "--limit", "5", "-o", "json"))
                .isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()).path("total").asInt()).isEqualTo(3);
    }

    @Test
    void aRouteOfAnotherProtocolRefuses() {
        api.on("GET", "/routes/shop/sessions",
                ScriptedApi.problem(409, "{'code':'wrong_protocol','detail':'route: shop speaks http'}"));
        assertThat(turnout.run("sessions", "shop")).isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).contains("route: shop speaks http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions", "sessions ../x", "sessions shop --limit 0",
        "sessions shop --limit 100001"})
    void explainsAWrongCommandLine(String words) {
        assertThat(turnout.run(words.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).startsWith("turnout: ");
        assertThat(api.requests()).isEmpty();
    }
}
