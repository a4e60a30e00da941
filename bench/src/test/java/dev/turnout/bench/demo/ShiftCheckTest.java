package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.demo.Answer.Failed;
import dev.turnout.bench.demo.ShiftVerdict.Checked;
import dev.turnout.bench.demo.ShiftVerdict.WrongSide;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShiftCheckTest {
    private static final int PERCENT = 10_000;
    /** {@code at-30} turns green when the weight exceeds 30 %. */
    private static final ShiftCheck.Rule RULE = (user,
            ppm) -> Integer.parseInt(user.substring(3)) * PERCENT < ppm;
    /** 10 % at first; 50 % from 100..200; 20 % from 300..400. */
    private static final List<WeightChange> CHANGES = List.of(new WeightChange(100, 200, 50 * PERCENT),
            new WeightChange(300, 400, 20 * PERCENT));

    private static Answer answer(String user, long sent, long done, Target side) {
        return new Answer(user, sent, done, new AnsweredBy(side));
    }

    private static ShiftVerdict judge(Answer... answers) {
        return new ShiftCheck(RULE, 10 * PERCENT, CHANGES).judge(List.of(answers));
    }

    /** at-05 is green throughout, at-30 only under the second weight, at-15 from the second weight on, at-70 never. */
    @ParameterizedTest
    @CsvSource({
        "at-05,  10,  20, GREEN", "at-30,  10,  20, BLUE", "at-15,  10,  20, BLUE", "at-70,  10,  20, BLUE",
        "at-05, 210, 290, GREEN", "at-30, 210, 290, GREEN", "at-15, 210, 290, GREEN", "at-70, 210, 290, BLUE",
        "at-05, 410, 420, GREEN", "at-30, 410, 420, BLUE", "at-15, 410, 420, GREEN", "at-70, 410, 420, BLUE",
        "at-30,  10,  99, BLUE", "at-30, 201, 299, GREEN", "at-30, 401, 999, BLUE"})
    void knowsTheOneSideOfARequestBetweenTwoChanges(String user, long sent, long done, Target side) {
        assertThat(judge(answer(user, sent, done, side)).wrongSides()).isEmpty();
        assertThat(judge(answer(user, sent, done, side.other())).wrongSides())
                .containsExactly(new WrongSide(user, side, side.other()));
    }

    @ParameterizedTest
    @CsvSource({"50, 150", "50, 250", "110, 190", "150, 250", "250, 350", "310, 390", "350, 450", "50, 450",
        "99, 100", "200, 201"})
    void allowsEitherSideToAMovedUserWhoseRequestAChangeOverlapped(long sent, long done) {
        ShiftVerdict verdict = judge(answer("at-30", sent, done, Target.BLUE),
                answer("at-30", sent, done, Target.GREEN));

        assertThat(verdict.wrongSides()).isEmpty();
        assertThat(verdict.overlapping()).isEqualTo(2);
        assertThat(verdict.checked()).extracting(Checked::answers).containsOnly(0L);
    }

    @ParameterizedTest
    @CsvSource({"at-05, GREEN", "at-70, BLUE"})
    void knowsTheOneSideOfAUserWhomTheOverlappingChangeDoesNotMove(String user, Target side) {
        ShiftVerdict verdict = judge(answer(user, 150, 160, side), answer(user, 150, 160, side.other()));

        assertThat(verdict.overlapping()).isEqualTo(2);
        assertThat(verdict.wrongSides()).containsExactly(new WrongSide(user, side, side.other()));
    }

    @Test
    void allowsTheWeightsOfTheChangesThatWereOverlappedAndNoOthers() {
        // at-15 is blue only under the first weight, which was over when this request began.
        assertThat(judge(answer("at-15", 250, 350, Target.BLUE)).wrongSides())
                .containsExactly(new WrongSide("at-15", Target.GREEN, Target.BLUE));
        // One request across both changes may be judged by all three.
        assertThat(judge(answer("at-15", 50, 450, Target.BLUE)).wrongSides()).isEmpty();
    }

    @Test
    void countsWhatItCheckedUnderEachWeight() {
        ShiftVerdict verdict = judge(answer("at-70", 0, 1, Target.BLUE), answer("at-70", 1, 2, Target.BLUE),
                answer("at-70", 150, 151, Target.BLUE), answer("at-70", 250, 251, Target.BLUE),
                answer("at-70", 450, 451, Target.BLUE));

        assertThat(verdict.checked()).containsExactly(new Checked(10 * PERCENT, 2),
                new Checked(50 * PERCENT, 1),
                new Checked(20 * PERCENT, 1));
        assertThat(verdict.overlapping()).isEqualTo(1);
        assertThat(verdict.holds()).isTrue();
    }

    @Test
    void doesNotHoldWhenAWeightWasNeverSeenAtWork() {
        ShiftVerdict verdict = judge(answer("at-70", 0, 1, Target.BLUE),
                answer("at-70", 450, 451, Target.BLUE));

        assertThat(verdict.wrongSides()).isEmpty();
        assertThat(verdict.errors()).isEmpty();
        assertThat(verdict.holds()).isFalse();
    }

    @Test
    void reportsAFailedRequestWithItsReasonAndCountsItNowhereElse() {
        Answer failed = new Answer("at-30", 10, 20, new Failed("status 503: hold_timeout"));
        ShiftVerdict verdict = new ShiftCheck(RULE, 0, List.of())
                .judge(List.of(failed, answer("at-30", 1, 2, Target.BLUE)));

        assertThat(verdict.errors())
                .containsExactly(new ShiftVerdict.Failure("at-30", "status 503: hold_timeout"));
        assertThat(verdict.checked()).containsExactly(new Checked(0, 1));
        assertThat(verdict.holds()).isFalse();
    }

    @Test
    void doesNotHoldWhenSomebodyWasOnTheWrongSide() {
        ShiftCheck check = new ShiftCheck(RULE, 10 * PERCENT, List.of());

        assertThat(check.judge(List.of(answer("at-05", 1, 2, Target.GREEN))).holds()).isTrue();
        assertThat(check.judge(List.of(answer("at-05", 1, 2, Target.BLUE))).holds()).isFalse();
    }

    @Test
    void refusesChangesThatWereNotMadeOneAfterTheOther() {
        List<WeightChange> overlapping = List.of(new WeightChange(100, 200, 0),
                new WeightChange(199, 300, 0));

        assertThatThrownBy(() -> new ShiftCheck(RULE, 0, overlapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("number 2 was requested before number 1 was acknowledged");
        assertThatThrownBy(() -> new WeightChange(2, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> answer("at-05", 2, 1, Target.BLUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void worksWhereTheTickerWrapsAround() {
        long origin = Long.MAX_VALUE - 250;
        List<WeightChange> changes = CHANGES.stream()
                .map(change -> new WeightChange(origin + change.requestedNanos(),
                        origin + change.acknowledgedNanos(), change.greenPpm()))
                .toList();
        ShiftCheck check = new ShiftCheck(RULE, 10 * PERCENT, changes);

        assertThat(check.judge(List.of(answer("at-30", origin + 10, origin + 20, Target.BLUE),
                answer("at-30", origin + 240, origin + 260, Target.GREEN),
                answer("at-30", origin + 410, origin + 420, Target.BLUE))).holds()).isTrue();
    }

    /** A model of the proxy: the weight switches at some moment within the change, a request is decided at some moment within itself. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverBlamesAProxyThatSwitchesWithinTheChangeAndDecidesWithinTheRequest(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<WeightChange> changes = new ArrayList<>();
        List<Long> switchedAt = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 50; i++) {
            long requested = now + random.nextLong(30);
            long acknowledged = requested + random.nextLong(30);
            changes.add(new WeightChange(requested, acknowledged, random.nextInt(101) * PERCENT));
            switchedAt.add(random.nextLong(requested, acknowledged + 1));
            now = acknowledged;
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long sent = random.nextLong(now);
            long done = sent + random.nextLong(40);
            long decidedAt = random.nextLong(sent, done + 1);
            int weight = (int) switchedAt.stream().filter(at -> at <= decidedAt).count();
            int ppm = weight == 0 ? 0 : changes.get(weight - 1).greenPpm();
            String user = "at-" + random.nextInt(100);
            answers.add(answer(user, sent, done, RULE.isGreen(user, ppm) ? Target.GREEN : Target.BLUE));
        }

        assertThat(new ShiftCheck(RULE, 0, changes).judge(answers).wrongSides()).as("seed %s", seed)
                .isEmpty();
    }
}
