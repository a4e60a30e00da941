package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReloadCommandTest {
    private final ScriptedApi api = new ScriptedApi();
    private final Cli turnout = api.cli();

    @AfterEach
    void stop() {
        api.close();
    }

    private int reload(String... options) {
        return turnout.run(Stream.concat(Stream.of("reload"), Stream.of(options)).toArray(String[]::new));
    }

    @Test
    void saysWhatChangedWhatIsHiddenAndWhatNeedsARestart() throws Exception {
        api.on("POST", "/reload", ScriptedApi.json("""
                {'changes':['shop: green 5% -> 10%','api: added'],'overridden':['shop: green stays 12.5%'],
                 'restart':['admin.listen: 127.0.0.1:9902'],'version':13}"""));
        assertThat(reload()).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly("the file is in effect, version 13",
                "  shop: green 5% -> 10%", "  api: added",
                "hidden by what was set at run time:", "  shop: green stays 12.5%",
                "needs a restart of the proxy:", "  admin.listen: 127.0.0.1:9902");
        assertThat(reload("-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(new ObjectMapper().readTree(turnout.out()).path("version").asLong()).isEqualTo(13);
    }

    @Test
    void saysThatNothingChanged() {
        api.on("POST", "/reload",
                ScriptedApi.json("{'changes':[],'overridden':[],'restart':[],'version':12}"));
        assertThat(reload()).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out()).isEqualToIgnoringNewLines("the file changes nothing, version 12");
    }

    @Test
    void printsEveryProblemOfAWrongFile() {
        api.on("POST", "/reload",
                ScriptedApi.problem(422, "{'code':'invalid_configuration','detail':'x','problems':["
                        + "'turnout.conf: 3: split.green: 101% (expected: 0% to 100%)','turnout.conf: 9: \\u001b[2J']}"));
        assertThat(reload()).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err().lines()).containsExactly("turnout: the file is wrong, nothing was changed:",
                "  turnout.conf: 3: split.green: 101% (expected: 0% to 100%)", "  turnout.conf: 9: ?[2J");
    }

    @Test
    void tellsThatItWasRefused() {
        api.on("POST", "/reload", ScriptedApi.problem(409,
                "{'code':'reload_failed','detail':'0.0.0.0:80: permission denied'}"));
        assertThat(reload()).isEqualTo(ExitCode.REFUSED);
        assertThat(turnout.err()).isEqualToIgnoringNewLines("turnout: 0.0.0.0:80: permission denied");
    }
}
