package dev.turnout.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.report.Report.Generator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorTest {
    @ParameterizedTest
    @CsvSource({"1000, 0, 89.9, 1, false", "1000, 1, 10, 1, false", "1000, 2, 10, 1, true",
        "1000, 0, 90.1, 1, true", "1000, 0, 179, 2, false", "1000, 0, 181, 2, true", "0, 0, 0, 1, false"})
    void isALimitWhenItsFinestPercentileMayBeItsOwnOrItsCoreIsFull(long requests, long late,
            double cpuPercent,
            int cores, boolean limit) {
        Generator generator = Generator.of(requests, 1_234_567, late, cpuPercent, cores);

        assertThat(generator.limit()).isEqualTo(limit);
        assertThat(generator.maxLagMillis()).isEqualTo(1.235);
    }
}
