package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.EjectConfig;
import dev.turnout.config.Share;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private static final long NOW = Long.MAX_VALUE - 5;
    private final Ejection ejection = ejection(Duration.ofSeconds(10));

    private static Ejection ejection(Duration first) {
        return new Ejection(new EjectConfig(3, first, Share.ofPercent("50%")), new SplittableRandom(1));
    }

    private static boolean fail(Ejection ejection, int times) {
        return Stream.generate(ejection::failed).limit(times).reduce(false, (earlier, last) -> last);
    }

    @Test
    void isEarnedByAsManyFailuresInARowAsConfigured() {
        assertThat(fail(ejection, 2)).isFalse();
        assertThat(fail(ejection, 1)).isTrue();
    }

    @Test
    void aSuccessBeginsANewRow() {
        fail(ejection, 2);
        ejection.succeeded();
        assertThat(fail(ejection, 2)).isFalse();
    }

    @Test
    void isEarnedByOneFailedConnect() {
        assertThat(ejection.connectFailed()).isTrue();
    }

    @Test
    void isEarnedAnewByOneThatWasSpared() {
        fail(ejection, 3);
        ejection.spare();
        assertThat(fail(ejection, 2)).isFalse();
    }

    @Test
    void isNotEarnedTwice() {
        ejection.eject(NOW);
        assertThat(fail(ejection, 5)).as("requests that were under way fail later").isFalse();
        assertThat(ejection.connectFailed()).isFalse();
    }

    @Test
    void isByTheRulesInForceWhenItBegins() {
        long nextTry = NOW + ejection.eject(NOW);
        ejection.rules(new EjectConfig(1, Duration.ofSeconds(60), Share.ALL));
        assertThat(ejection.nextTryNanos()).as("one under way").isEqualTo(nextTry);
        ejection.tryOut(NOW);
        ejection.succeeded();
        assertThat(ejection.failed()).isTrue();
        assertThat(ejection.eject(NOW)).isBetween(nanos(60), nanos(66));
    }

    @Test
    void jittersSoThatWhatFailedTogetherIsNotTriedTogether() {
        SplittableRandom random = new SplittableRandom(7);
        EjectConfig config = new EjectConfig(1, Duration.ofSeconds(10), Share.ALL);
        assertThat(Stream.generate(() -> new Ejection(config, random).eject(NOW)).limit(20).distinct())
                .hasSizeGreaterThan(15);
    }

    @Test
    void takesTwiceAsLongEachTimeInARowUpToFiveMinutes() {
        assertThat(ejection.eject(NOW)).isBetween(nanos(10), nanos(11));
        for (int seconds : new int[]{20, 40, 80, 160, 300, 300}) {
            ejection.tryOut(NOW);
            assertThat(ejection.failed()).as("one failure on trial is enough").isTrue();
            assertThat(ejection.eject(NOW)).isBetween(nanos(seconds), nanos(seconds * 11 / 10));
        }
    }

    @Test
    void takesTheConfiguredTimeAgainOnceItWasBack() {
        ejection.eject(NOW);
        ejection.tryOut(NOW);
        assertThat(ejection.succeeded()).isTrue();
        assertThat(ejection.eject(NOW)).isBetween(nanos(10), nanos(11));
    }

    @Test
    void isNotEndedByAnAnswerToARequestFromBefore() {
        ejection.eject(NOW);
        assertThat(ejection.succeeded()).isFalse();
        assertThat(ejection.trust()).isEqualTo(Trust.EJECTED);
    }

    @Test
    void knowsWhenItMayBeTriedEvenWhenTheClockWrapsAround() {
        long nanos = ejection.eject(NOW);
        assertThat(ejection.nextTryNanos() - NOW).isEqualTo(nanos).isPositive();
    }

    private static long nanos(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
