package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.failure.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    @ParameterizedTest
    @CsvSource({"100,1xx", "200,2xx", "299,2xx", "304,3xx", "404,4xx", "599,5xx"})
    void anAnswerCountsByTheClassOfItsStatus(int status, String label) {
        assertThat(Outcome.ofStatus(status).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureCountsByItsReasonCode(Kind kind) {
        assertThat(Outcome.of(kind).label()).isEqualTo(kind.code());
    }

    @ParameterizedTest
    @EnumSource
    void whatTheSideDidNotAnswerIsItsFailure(Kind kind) {
        assertThat(Outcome.of(kind).failure())
                .isEqualTo(kind.code().startsWith("upstream_") || kind == Kind.NO_HEALTHY_ENDPOINT);
    }

    @Test
    void whatTheEndpointAnsweredIsNoFailureOfTheProxy() {
        assertThat(Outcome.ofStatus(503).failure()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"200,false", "404,false", "500,true", "503,true"})
    void anErrorIsAnAnswerOf5xx(int status, boolean error) {
        assertThat(Outcome.ofStatus(status).error()).isEqualTo(error);
    }

    @ParameterizedTest
    @EnumSource
    void orWhatTheSideDidNotAnswer(Kind kind) {
        assertThat(Outcome.of(kind).error()).isEqualTo(Outcome.of(kind).failure());
    }

    @Test
    void everyOutcomeHasACounterOfItsOwn() {
        assertThat(Outcome.values()).extracting(Outcome::index)
                .containsExactlyElementsOf(IntStream.range(0, Outcome.values().size()).boxed().toList());
    }

    @Test
    void everyOutcomeHasALabelOfItsOwn() {
        assertThat(Outcome.values()).extracting(Outcome::label).doesNotHaveDuplicates();
    }
}
