package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    private static JsonNode json(String text) {
        try {
            return JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build()
                    .readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "999,999", "90000,90 000", "1234567,1 234 567", "null,-", "true,-"})
    void groupsThousands(String number, String expected) {
        assertThat(Figures.count(json(number))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,0 ms", "0.04,<0.1 ms", "0.05,0.1 ms", "1.25,1.3 ms", "9.94,9.9 ms", "9.96,10 ms",
        "45,45 ms",
        "999.4,999 ms", "999.6,1 s", "1234,1.2 s", "9940,9.9 s", "9960,10 s", "30400,30 s", "null,-",
        "'\"x\"',-",
        "1e400,-"})
    void showsTimesAsAPersonReadsThem(String millis, String expected) {
        assertThat(Figures.time(json(millis))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,0 %", "0.01,0.01 %", "0.004,<0.01 %", "0.016,0.02 %", "12.50,12.5 %", "100,100 %",
        "null,-"})
    void showsSmallRatesAsMoreThanNothing(String percent, String expected) {
        assertThat(Figures.rate(json(percent))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10.0,90 / 10 %", "12.3456,87.6544 / 12.3456 %", "0,100 / 0 %", "null,-", "1e999999999,-",
        "1e-999999999,-"})
    void showsTheSharesOfBothSides(String green, String expected) {
        assertThat(Figures.shares(json(green))).isEqualTo(expected);
    }
}
