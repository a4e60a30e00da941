package dev.turnout.proxy.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    /** {@code results}: + and -; answers the verdict after each. */
    private static String verdicts(boolean passedBefore, String results) {
        Verdict verdict = new Verdict(2, 3, passedBefore);
        StringBuilder verdicts = new StringBuilder();
        results.chars().forEach(result -> {
            verdict.note(result == '+');
            verdicts.append(verdict.passed() ? '+' : '-');
        });
        return verdicts.toString();
    }

    @ParameterizedTest
    @CsvSource({
        // The first decides alone.
        "true, -, -", "true, +, +", "false, +, +", "false, -, -",
        // Then it takes three in a row to fall and two to rise.
        "true, +--, +++", "true, +---, +++-", "true, +--+--, ++++++", "true, --+, ---", "true, --++, ---+",
        "true, -+-+-, -----", "false, +---++, +++--+"})
    void changesAfterEnoughResultsInARow(boolean passedBefore, String results, String verdicts) {
        assertThat(verdicts(passedBefore, results)).isEqualTo(verdicts);
    }

    @Test
    void standsWhenTheRulesChangeAndCountsFromTheBeginning() {
        Verdict verdict = new Verdict(2, 3, true);
        verdict.note(true);
        verdict.note(false);
        verdict.rules(1, 2);
        assertThat(verdict.note(false)).isFalse();
        assertThat(verdict.note(false)).isTrue();
        assertThat(verdict.note(true)).isTrue();
    }

    @Test
    void isNewsOnlyWhenItChanges() {
        Verdict verdict = new Verdict(1, 1, true);
        assertThat(verdict.note(true)).isFalse();
        assertThat(verdict.note(false)).isTrue();
        assertThat(verdict.note(false)).isFalse();
        assertThat(verdict.note(true)).isTrue();
    }
}
