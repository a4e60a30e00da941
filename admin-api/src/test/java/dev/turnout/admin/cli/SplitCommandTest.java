package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitCommandTest {
    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    private static String route(int version, String split) {
        return "{'name':'shop','version':" + version + ",'split':{" + split + "}}";
    }

    private void isThenBecomes(String before, String method, String after) {
        api.on("GET", "/routes/shop", ScriptedApi.json(route(11, before)));
        api.on(method, "/routes/shop/split", ScriptedApi.json(route(12, after)));
    }

    @Test
    void saysWhatWasAndWhatIs() {
        isThenBecomes("'green':5.0,'file':5.0,'runtime':null,'drained':null", "PUT",
                "'green':12.5,'file':5.0,'runtime':12.5,'drained':null");
        assertThat(turnout.run("split", "shop", "green=12.5%", "--if-version", "11"))
                .isEqualTo(ExitCode.DONE);
        assertThat(turnout.out()).isEqualToIgnoringNewLines("shop: green 5% -> 12.5% (file: 5%), version 12");
        assertThat(api.requests().getLast().getHeader("If-Match")).isEqualTo("\"11\"");
    }

    @ParameterizedTest
    @CsvSource({"PUT,green=10", "DELETE,--reset"})
    void saysThatItUndidADrain(String method, String change) {
        isThenBecomes("'green':100.0,'file':10.0,'runtime':null,'drained':'blue'", method,
                "'green':10.0,'file':10.0,'runtime':null,'drained':null");
        assertThat(turnout.run("split", "shop", change)).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "shop: green 100% -> 10% (as in the file), version 12",
                "shop: blue is not drained any more");
    }

    @Test
    void isRefusedWhereBothSidesWouldBeWrittenTo() {
        api.on("GET", "/routes/shop", ScriptedApi.json(route(11, "'green':0.0")));
        api.on("PUT", "/routes/shop/split",
                ScriptedApi.problem(409, "{'code':'one_writer','detail':'green: 5% (expected: 0%)'}"));
        assertThat(turnout.run("split", "shop", "green=5%")).isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).isEqualToIgnoringNewLines("turnout: green: 5% (expected: 0%)");
    }

    @Test
    void leavesTheRoutesAsTheyAreWhenThereIsNoSuchOne() {
        api.on("GET", "/routes/shp",
                ScriptedApi.problem(404, "{'detail':'route: shp (expected: one of shop)'}"));
        assertThat(turnout.run("split", "shp", "green=5%")).isEqualTo(ExitCode.FAILED);
        assertThat(turnout.err()).isEqualToIgnoringNewLines("turnout: route: shp (expected: one of shop)");
        assertThat(api.requests()).hasSize(1);
    }
}
