package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {
    private static final String BY_COHORT = """
            {'route':'shop','target':'green','certain':true,'rung':'cohort',
             'sentence':'cookie uid=alice is in bucket 41234',
             'inputs':{'method':'GET','cookie uid':'alice','bucket':41234,'green':5.0,'healthy':true,'rule':null}}""";

    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void saysWhyAndOnWhatGrounds() {
        api.on("GET", "/routes/shop/explain", ScriptedApi.json(BY_COHORT));
        assertThat(turnout.run("explain", "shop", "--cookie", "uid=alice")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "shop: green by cohort: cookie uid=alice is in bucket 41234",
                "  method      GET",
                "  cookie uid  alice",
                "  bucket      41234",
                "  green       5.0",
                "  healthy     true",
                "  rule        -");
    }

    @Test
    void promisesNothingWhereEachRequestIsDealtOutByItself() {
        api.on("GET", "/routes/shop/explain", ScriptedApi.json("""
                {'route':'shop','target':'blue','certain':false,'rung':'unkeyed',
                 'sentence':'there is no cohort: 5% to green, 95% to blue','inputs':{}}"""));
        assertThat(turnout.run("explain", "shop")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out()).isEqualToIgnoringNewLines(
                "shop: blue or green by unkeyed: there is no cohort: 5% to green, 95% to blue");
    }

    @Test
    void asksAboutTheWholeRequest() {
        api.on("GET", "/routes/shop/explain", ScriptedApi.json(BY_COHORT));
        turnout.run("explain", "shop", "--header", "x-canary=a b&c=d", "--header", "x-empty=", "--cookie",
                "uid=ä",
                "--path", "/x?y=1&z=%20", "--method", "POST", "--host", "shop.example", "--client",
                "fd00::1");
        assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.getUrl())
                .isEqualTo(
                        "/api/v1/routes/shop/explain?method=POST&path=%2Fx%3Fy%3D1%26z%3D%2520&host=shop.example"
                                + "&client=fd00%3A%3A1&header=x-canary%3Da%20b%26c%3Dd&header=x-empty%3D"
                                + "&cookie=uid%3D%C3%A4"));
    }

    @Test
    void asksAboutTheWholeSession() {
        api.on("GET", "/routes/shop-db/explain", ScriptedApi.json(BY_COHORT));
        turnout.run("explain", "shop-db", "--user", "app", "--database", "shop", "--application", "a report",
                "--startup", "turnout.target=green", "--client", "10.1.2.3");
        assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.getUrl())
                .isEqualTo("/api/v1/routes/shop-db/explain?client=10.1.2.3&user=app&database=shop"
                        + "&application=a%20report&startup=turnout.target%3Dgreen"));
    }

    @Test
    void printsTheJsonOfTheApi() throws Exception {
        api.on("GET", "/routes/shop/explain", ScriptedApi.json(BY_COHORT));
        assertThat(turnout.run("explain", "shop", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()))
                .isEqualTo(new ObjectMapper().readTree(BY_COHORT.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--header x-canary|--header: x-canary (expected: NAME=VALUE, like uid=alice)",
        "--cookie =alice|--cookie: =alice (expected: NAME=VALUE",
        "--path cart|--path: cart (expected: a path like /x",
        "--startup x|--startup: x (expected: NAME=VALUE", "--header|--header"})
    void explainsAWrongOption(String words, String expected) {
        assertThat(turnout.run(("explain shop " + words).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).startsWith("turnout: ").contains(expected);
        assertThat(api.requests()).isEmpty();
    }
}
