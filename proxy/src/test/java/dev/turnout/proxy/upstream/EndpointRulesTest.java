package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.EjectConfig;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.proxy.upstream.health.CheckResult;
import dev.turnout.proxy.upstream.health.Checks.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The rules of a side change while it serves. */
class EndpointRulesTest {
    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final EjectConfig EJECT = Side.eject(Side.FAILURES, Duration.ofSeconds(10), "50%");

    private static Side checked(String... hosts) {
        return new Side(Check.HTTP, "50%", Duration.ZERO).with(hosts);
    }

    private static HealthConfig rules(Check check, int rise, int fall) {
        return Side.health(check, rise, fall, Duration.ZERO, EJECT);
    }

    private static HealthConfig ejecting(EjectConfig eject) {
        return Side.health(Check.NONE, 2, 3, Duration.ZERO, eject);
    }

    private static HealthConfig startingIn(Duration slowStart) {
        return Side.health(Check.NONE, 2, 3, slowStart, EJECT);
    }

    @Test
    void keepTheEndpointsAndWhatIsUnderWay() {
        Side side = checked(A, B);
        List<Endpoint> before = side.set.endpoints();
        side.at(A).begun(0);
        side.follow(rules(Check.CONNECT, 1, 1));
        assertThat(side.set.endpoints()).as("their connections too").isEqualTo(before);
        assertThat(side.removed).isEmpty();
        assertThat(side.at(A).inFlight(0)).isEqualTo(1);
    }

    @Test
    void changeNothingWhenTheyAreEqual() {
        Side side = checked(A);
        Map<Subject, Consumer<CheckResult>> watched = Map.copyOf(side.watched);
        side.check(A, true);
        side.check(A, false);
        side.check(A, false);
        side.follow(rules(Check.HTTP, 2, 3));
        assertThat(side.watched).as("its checks go on").isEqualTo(watched);
        side.check(A, false);
        assertThat(side.at(A).healthy()).as("the third in a row").isFalse();
    }

    @Test
    void beginTheChecksAnew() {
        Side side = checked(A);
        Consumer<CheckResult> before = side.watchOf(A);
        side.follow(rules(Check.CONNECT, 2, 3));
        assertThat(side.watched.values()).hasSize(1).doesNotContain(before);
        assertThat(side.rulesOf(A)).isEqualTo(rules(Check.CONNECT, 2, 3));
    }

    @Test
    void checkAtOnceOnlyWhatIsOut() {
        Side side = checked(A, B);
        side.check(A, false);
        side.follow(rules(Check.HTTP, 1, 1));
        assertThat(side.watched.keySet()).extracting(Subject::atOnce).containsExactly(true, false);
    }

    @Test
    void ignoreWhatAnEarlierCheckStillSays() {
        Side side = checked(A, B);
        Consumer<CheckResult> late = side.watchOf(A);
        side.follow(rules(Check.HTTP, 1, 1));
        late.accept(Side.result(false));
        assertThat(side.at(A).healthy()).isTrue();
        assertThat(side.set.failedChecks()).isZero();
        assertThat(side.set.views().getFirst().lastCheck()).isEmpty();
        side.check(A, false);
        assertThat(side.at(A).healthy()).as("the new one is listened to").isFalse();
    }

    @Test
    void ignoreAnEarlierCheckEvenWhenItsRulesAreBack() {
        Side side = checked(A, B);
        Consumer<CheckResult> late = side.watchOf(A);
        side.follow(rules(Check.HTTP, 1, 1));
        side.follow(rules(Check.HTTP, 2, 3));
        late.accept(Side.result(false));
        assertThat(side.at(A).healthy()).isTrue();
    }

    @Test
    void ignoreALateCheckOnceNothingIsChecked() {
        Side side = checked(A, B);
        Consumer<CheckResult> late = side.watchOf(A);
        side.follow(rules(Check.NONE, 2, 3));
        late.accept(Side.result(false));
        assertThat(side.at(A).healthy()).isTrue();
    }

    @Test
    void leaveOutWhatChecksHaveLostUntilTheNewOnesPass() {
        Side side = checked(A, B);
        side.check(A, false);
        side.follow(rules(Check.CONNECT, 2, 1));
        assertThat(side.chosen(100)).containsOnlyKeys(B);
        side.check(A, true);
        assertThat(side.chosen(100)).as("it takes two").containsOnlyKeys(B);
        side.check(A, true);
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void countFailedChecksFromTheBeginning() {
        Side side = checked(A, B);
        side.check(A, true);
        side.check(A, false);
        side.follow(rules(Check.HTTP, 2, 2));
        side.check(A, false);
        assertThat(side.at(A).healthy()).as("one of the new check").isTrue();
        side.check(A, false);
        assertThat(side.at(A).healthy()).isFalse();
    }

    @Test
    void bringBackWhatOnlyChecksKeptOut() {
        Side side = checked(A, B);
        side.check(A, false);
        side.follow(rules(Check.NONE, 2, 3));
        assertThat(side.watched).isEmpty();
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
        assertThat(side.set.views().getFirst().healthy()).isTrue();
        assertThat(side.set.views().getFirst().lastCheck()).isEmpty();
        assertThat(side.events).last().isEqualTo("blue 10.0.0.1:80 back: it is no longer checked");
    }

    @Test
    void leaveOutWhatTheTrafficKeepsOut() {
        Side side = checked(A, B);
        side.eject(A);
        side.follow(rules(Check.NONE, 2, 3));
        assertThat(side.chosen(100)).containsOnlyKeys(B);
    }

    @Test
    void beginToCheckWhatWasNotChecked() {
        Side side = Side.of(A, B);
        side.follow(rules(Check.HTTP, 2, 3));
        assertThat(side.watched).hasSize(2);
        assertThat(side.chosen(100)).as("trusted until checked").containsOnlyKeys(A, B);
        side.check(A, false);
        assertThat(side.chosen(100)).as("the first decides alone").containsOnlyKeys(B);
    }

    @Test
    void goOnCheckingTheDrained() {
        Side side = checked(A, B);
        side.drain(A, true);
        side.follow(rules(Check.CONNECT, 2, 3));
        assertThat(side.watched).hasSize(2);
        assertThat(side.at(A).drained()).isTrue();
    }

    @Test
    void holdForNewOnesOfTheSameChange() {
        Side side = checked(A);
        side.health = rules(Check.CONNECT, 2, 3);
        side.with(B);
        assertThat(side.rulesOf(B)).isEqualTo(side.health);
        assertThat(side.chosen(100)).as("it has to prove itself").containsOnlyKeys(A);
    }

    @Test
    void ejectAfterAsManyFailuresAsTheySay() {
        Side side = Side.of(A, B);
        side.fail(A, 1);
        side.follow(ejecting(Side.eject(2, Duration.ofSeconds(10), "50%")));
        side.fail(A, 1);
        assertThat(side.chosen(100)).as("the second in a row").containsOnlyKeys(B);
    }

    @Test
    void leaveAnEjectionItsTime() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.follow(ejecting(Side.eject(Side.FAILURES, Duration.ofSeconds(60), "50%")));
        side.advance(Duration.ofSeconds(9));
        assertThat(side.chosen(100)).containsOnlyKeys(B);
        side.advance(Duration.ofSeconds(2));
        assertThat(side.chosen(100)).containsEntry(A, 1);
        side.at(A).failed();
        side.advance(Duration.ofSeconds(119));
        assertThat(side.chosen(100)).as("the next, second in a row, is by the new ones").containsOnlyKeys(B);
    }

    @Test
    void bringBackThoseThatCanNoLongerBeSpared() {
        Side side = new Side(Check.NONE, "100%", Duration.ZERO).with(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(2));
        side.eject(B);
        side.follow(ejecting(EJECT));
        assertThat(side.chosen(100)).as("half of two is one; the first comes back").containsOnlyKeys(A);
        side.follow(ejecting(Side.eject(Side.FAILURES, Duration.ofSeconds(10), "0%")));
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void leaveASlowStartItsTime() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B);
        side.drain(A, true);
        side.drain(A, false);
        double cold = side.at(A).weight(side.now());
        side.follow(startingIn(Duration.ZERO));
        assertThat(side.at(A).weight(side.now())).isEqualTo(cold).isLessThan(0.2);
        side.follow(startingIn(Side.SLOW_START.multipliedBy(10)));
        side.advance(Side.SLOW_START.dividedBy(2));
        assertThat(side.at(A).weight(side.now())).isBetween(0.5, 0.6);
        side.advance(Side.SLOW_START);
        assertThat(side.at(A).weight(side.now())).isEqualTo(1);
    }

    @Test
    void startThoseThatComeBackAsSlowlyAsTheySay() {
        Side side = Side.of(A, B);
        side.drain(A, true);
        side.follow(startingIn(Side.SLOW_START));
        side.drain(A, false);
        assertThat(side.chosen(1000).get(A)).isLessThan(150);
    }

    @Test
    void holdForWhatIsActivatedByTheSameChange() {
        Side side = Side.of(A, B);
        side.drain(A, true);
        side.health = startingIn(Side.SLOW_START);
        side.drain(A, false);
        assertThat(side.chosen(1000).get(A)).isLessThan(150);
    }
}
