package dev.turnout.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private static String labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).collect(Collectors.joining("|"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0|0.20|0.40|0.60|0.80|1", "1, 0|0.20|0.40|0.60|0.80|1",
        "5200, 0|2\u202f000|4\u202f000|6\u202f000"})
    void aLinearAxisEndsAtARoundNumberThatHoldsAll(double most, String labels) {
        Axis axis = Axis.upTo(most, Text::digits);

        assertThat(labels(axis)).startsWith(labels);
        assertThat(axis.at(0)).isZero();
        assertThat(axis.at(axis.ticks().getLast().value())).isCloseTo(1, EXACT);
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0 s|0.10 s|0.20 s|0.30 s", "20, 0 s|2 s", "3600, 0 s|500 s|1\u202f000 s"})
    void theTimeAxisEndsWhereTheMeasurementDoes(double length, String labels) {
        Axis axis = Axis.seconds(length);

        assertThat(labels(axis)).startsWith(labels);
        assertThat(axis.at(length)).isCloseTo(1, EXACT);
    }

    @Test
    void latenciesAreOnALogarithmicAxisBetweenRoundTimes() {
        assertThat(labels(Axis.times(0.15, 3))).isEqualTo("100 µs|200 µs|500 µs|1 ms|2 ms|5 ms");
        assertThat(labels(Axis.times(0.02, 1500))).isEqualTo("100 µs|1 ms|10 ms|100 ms|1 s");
        assertThat(Axis.times(1, 100).at(10)).isCloseTo(0.5, EXACT);
        assertThat(Axis.times(5, 5).ticks()).as("one value is a range, too").hasSizeGreaterThan(1);
    }

    @Test
    void eachFurtherNineTakesTheSameRoom() {
        Axis axis = Axis.percentiles(10_000);

        assertThat(labels(axis)).isEqualTo("0 %|50 %|90 %|99 %|99.9 %|99.99 %");
        assertThat(axis.at(90)).isCloseTo(0.25, EXACT);
        assertThat(axis.at(99.9)).isCloseTo(0.75, EXACT);
        assertThat(axis.at(100)).as("the slowest of all").isEqualTo(1);
    }
}
