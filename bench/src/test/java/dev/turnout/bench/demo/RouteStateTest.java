package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteStateTest {
    private static RouteState read(String json) throws IOException {
        return RouteState.of(new JsonMapper().readTree(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"null | 12.5%", "\"blue\" | 12.5%, blue drained",
        "\"green\" | 12.5%, green drained"})
    void showsTheShareAndWhatIsDrained(String drained, String shown) throws IOException {
        assertThat(read("{\"version\":7,\"split\":{\"green\":12.5,\"drained\":" + drained + "}}"))
                .hasToString(shown);
    }

    @Test
    void refusesWhatIsNoRoute() {
        assertThatThrownBy(() -> read("{\"status\":404}")).isInstanceOf(IOException.class)
                .hasMessageContaining("404");
        assertThatThrownBy(() -> read("{\"split\":{\"green\":1,\"drained\":\"red\"}}"))
                .hasMessage("side: red (expected: blue or green)");
    }
}
