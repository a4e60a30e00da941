package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.proxy.upstream.health.Checks.Subject;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointSetTest {
    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String C = "10.0.0.3";
    private static final String NAME = "shop.example";

    private static Side checked(String... hosts) {
        return new Side(Check.HTTP, "50%", Duration.ZERO).with(hosts);
    }

    @Test
    void keepsTheEndpointsOfAddressesThatStay() {
        Side side = Side.of(A, B);
        Endpoint stays = side.at(A);
        side.remove(B);
        side.with(C);
        assertThat(side.at(A)).as("its state and its connections").isSameAs(stays);
    }

    @Test
    void tellsOfEndpointsThatAreRemoved() {
        Side side = Side.of(A, B);
        Endpoint goes = side.at(A);
        side.remove(A);
        assertThat(side.removed).containsExactly(goes);
        assertThat(goes.removed()).isTrue();
    }

    @Test
    void tellsOfNoneThatIsOnlyDrained() {
        Side side = Side.of(A, B);
        side.drain(A, true);
        assertThat(side.removed).isEmpty();
        assertThat(side.at(A).drained()).isTrue();
    }

    @Test
    void aNameStandsForAllItsAddresses() {
        Side side = Side.of(NAME);
        assertThat(side.chosen(1)).as("before it is resolved").containsOnlyKeys("");
        side.resolve(NAME, A, B);
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void followsAName() {
        Side side = Side.of(NAME);
        side.resolve(NAME, A, B);
        Endpoint stays = side.at(B);
        Endpoint goes = side.at(A);
        side.resolve(NAME, B, C);
        assertThat(side.chosen(100)).containsOnlyKeys(B, C);
        assertThat(side.at(B)).isSameAs(stays);
        assertThat(side.removed).containsExactly(goes);
    }

    @Test
    void drainsAllAddressesOfANameThoseToComeToo() {
        Side side = Side.of(NAME, A);
        side.drain(NAME, true);
        side.resolve(NAME, B, C);
        assertThat(side.chosen(100)).containsOnlyKeys(A);
    }

    @Test
    void followsANameNoLongerOnceItIsRemoved() {
        Side side = Side.of(NAME, C);
        side.resolve(NAME, A, B);
        side.remove(NAME);
        assertThat(side.followed).isEmpty();
        assertThat(side.removed).hasSize(2);
        assertThat(side.chosen(100)).containsOnlyKeys(C);
    }

    @Test
    void ignoresALateAnswerForANameThatWasRemoved() {
        Side side = Side.of(NAME, C);
        var late = side.followed.get(NAME);
        side.remove(NAME);
        assertThat(late).isNotNull().satisfies(listener -> {
            listener.accept(List.of(InetAddress.ofLiteral(A)));
            assertThat(side.set.endpoints()).hasSize(1);
        });
    }

    @Test
    void ejectsAfterFailuresInARow() {
        Side side = Side.of(A, B);
        side.fail(A, Side.FAILURES - 1);
        assertThat(side.at(A).healthy()).isTrue();
        side.fail(A, 1);
        assertThat(side.at(A).healthy()).isFalse();
        assertThat(side.chosen(100)).containsOnlyKeys(B);
    }

    @Test
    void aSuccessBetweenFailuresKeepsItIn() {
        Side side = Side.of(A, B);
        side.fail(A, Side.FAILURES - 1);
        side.at(A).succeeded();
        side.fail(A, Side.FAILURES - 1);
        assertThat(side.at(A).healthy()).isTrue();
    }

    @Test
    void ejectsAtOnceWhatCannotBeConnectedTo() {
        Side side = Side.of(A, B);
        side.eject(A);
        assertThat(side.chosen(100)).containsOnlyKeys(B);
        assertThat(side.set.ejections()).isEqualTo(1);
    }

    @Test
    void ejectsNoMoreThanTheConfiguredShare() {
        Side side = Side.of(A, B, C);
        side.eject(A);
        side.eject(B);
        assertThat(side.chosen(100)).as("half of three is one").containsOnlyKeys(B, C);
    }

    @Test
    void neverEjectsTheOnlyOneButSaysThatItIsNotWell() {
        Side side = Side.of(A);
        side.eject(A);
        assertThat(side.chosen(10)).containsOnlyKeys(A);
        assertThat(side.at(A).healthy()).isFalse();
        side.at(A).succeeded();
        assertThat(side.at(A).healthy()).isTrue();
    }

    @Test
    void ejectsEvenTheLastOneWhenAllMayBeOut() {
        Side side = new Side(Check.NONE, "100%", Duration.ZERO).with(A);
        side.eject(A);
        assertThat(side.chosen(10)).as("the other side may take over").containsOnlyKeys("");
    }

    @Test
    void ejectsNothingWhenTheShareIsNone() {
        Side side = new Side(Check.NONE, "0%", Duration.ZERO).with(A, B);
        side.eject(A);
        side.fail(B, 100);
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void bringsAnEjectedOneBackWhenItsNeighboursAreTakenAway() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.drain(B, true);
        assertThat(side.chosen(10)).as("one of one cannot be spared").containsOnlyKeys(A);
    }

    @Test
    void reckonsTheShareWithoutThoseThatAreOutForOtherReasons() {
        Side side = checked(A, B, C);
        side.check(C, false);
        side.eject(A);
        assertThat(side.chosen(100)).as("half of the two that are left").containsOnlyKeys(B);
        side.eject(B);
        assertThat(side.chosen(100)).containsOnlyKeys(B);
    }

    @Test
    void triesAnEjectedOneWithOneRequestWhenItsTimeIsOver() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(9));
        assertThat(side.chosen(100)).containsOnlyKeys(B);
        side.advance(Duration.ofSeconds(2));
        assertThat(side.chosen(100)).containsEntry(A, 1);
    }

    @Test
    void bringsItBackWhenTheTrialSucceeds() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(11));
        side.chosen(1);
        side.at(A).succeeded();
        assertThat(side.at(A).healthy()).isTrue();
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void bringsItBackSlowly() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(11));
        side.chosen(1);
        side.at(A).succeeded();
        assertThat(side.chosen(1000).get(A)).isLessThan(150);
    }

    @Test
    void leavesItOutForLongerWhenTheTrialFails() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(11));
        side.chosen(1);
        side.at(A).failed();
        side.advance(Duration.ofSeconds(19));
        assertThat(side.chosen(100)).containsOnlyKeys(B);
        side.advance(Duration.ofSeconds(4));
        assertThat(side.chosen(100)).containsEntry(A, 1);
    }

    @Test
    void triesAgainWhenTheFirstTrialCameToNoVerdict() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.advance(Duration.ofSeconds(11));
        side.chosen(1);
        side.advance(Duration.ofNanos(Ejection.TRIAL_NANOS));
        assertThat(side.chosen(100)).as("its client may have gone away").containsEntry(A, 1);
    }

    @Test
    void trustsAllAtTheStartUntilTheFirstCheckSaysOtherwise() {
        Side side = checked(A, B);
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
        side.check(A, false);
        assertThat(side.chosen(100)).containsOnlyKeys(B);
    }

    @Test
    void losesAndRegainsWhatChecksSay() {
        Side side = checked(A, B);
        side.check(A, true);
        for (int i = 0; i < 3; i++) {
            assertThat(side.at(A).healthy()).isTrue();
            side.check(A, false);
        }
        assertThat(side.at(A).healthy()).isFalse();
        side.check(A, true);
        assertThat(side.at(A).healthy()).isFalse();
        side.check(A, true);
        assertThat(side.at(A).healthy()).isTrue();
    }

    @Test
    void aNewOneWaitsForItsFirstPassingCheck() {
        Side side = checked(A);
        side.with(B);
        assertThat(side.chosen(100)).containsOnlyKeys(A);
        side.check(B, true);
        assertThat(side.chosen(100)).containsOnlyKeys(A, B);
    }

    @Test
    void aNewOneDoesNotWaitWhenThereIsNoOther() {
        Side side = checked(NAME);
        side.resolve(NAME, A);
        side.resolve(NAME, B);
        assertThat(side.chosen(10)).as("the name has moved; nobody else could serve meanwhile")
                .containsOnlyKeys(B);
    }

    @Test
    void aNewOneDoesNotWaitWhenTheOthersAreDrainedWithTheSameChange() {
        Side side = checked(A);
        Map<Address, EndpointState> wanted = new LinkedHashMap<>();
        wanted.put(Side.address(B), EndpointState.ACTIVE);
        wanted.put(Side.address(A), EndpointState.DRAINED);
        side.set.configure(wanted, side.health);
        assertThat(side.chosen(10)).containsOnlyKeys(B);
        assertThat(side.set.views()).as("in the order of the configuration").extracting(EndpointView::address)
                .containsExactly(Side.address(B), Side.address(A));
    }

    @Test
    void checksANewOneAtOnceAndThoseOfTheStartSpreadOut() {
        Side side = checked(A);
        side.with(B);
        assertThat(side.watched.keySet()).extracting(Subject::atOnce).containsExactly(false, true);
    }

    @Test
    void goesOnCheckingTheDrainedAndStopsForTheRemoved() {
        Side side = checked(A, B);
        side.drain(A, true);
        assertThat(side.watched).hasSize(2);
        side.remove(A);
        assertThat(side.watched).hasSize(1);
    }

    @Test
    void checksNothingUnlessConfigured() {
        assertThat(Side.of(A).watched).isEmpty();
    }

    @Test
    void anActivatedOneStartsSlowly() {
        Side side = new Side(Check.NONE, "50%", Side.SLOW_START).with(A, B);
        side.drain(A, true);
        side.drain(A, false);
        assertThat(side.chosen(1000).get(A)).isLessThan(150);
    }

    @Test
    void showsOperatorsWhatEachAddressStandsFor() {
        Side side = checked(NAME, C);
        side.resolve(NAME, A, B);
        side.check(A, true);
        side.check(B, false);
        side.at(A).begun(0);
        side.at(B).begun(1);
        side.drain(C, true);
        EndpointView name = side.set.views().getFirst();
        assertThat(name.address()).isEqualTo(Side.address(NAME));
        assertThat(name.healthy()).as("one of two is").isTrue();
        assertThat(name.inFlight()).isEqualTo(2);
        assertThat(name.resolved()).extracting(ip -> ip.getHostAddress()).containsExactly(A, B);
        assertThat(name.lastCheck()).as("of the one that is not well").isEqualTo("status 500");
        assertThat(side.set.views().getLast().drained()).isTrue();
    }

    @Test
    void countsRequestsOnAddressesThatDnsHasDropped() {
        Side side = Side.of(NAME);
        side.resolve(NAME, A);
        Endpoint goes = side.at(A);
        goes.begun(0);
        side.resolve(NAME, B);
        assertThat(side.set.views().getFirst().inFlight()).isEqualTo(1);
        goes.ended(0);
        assertThat(side.set.views().getFirst().inFlight()).isZero();
    }

    @Test
    void countsChecks() {
        Side side = checked(A);
        side.check(A, true);
        side.check(A, false);
        side.check(A, false);
        assertThat(side.set.passedChecks()).isEqualTo(1);
        assertThat(side.set.failedChecks()).isEqualTo(2);
    }

    @Test
    void whatIsRemovedCanStillReportHowItsLastRequestsWent() {
        Side side = Side.of(A, B);
        Endpoint goes = side.at(A);
        goes.failed();
        side.remove(A);
        goes.failed();
        goes.connectFailed("connection refused");
        goes.succeeded();
        assertThat(side.chosen(10)).containsOnlyKeys(B);
        assertThat(side.set.ejections()).isZero();
    }

    @Test
    void closingEndsEverything() {
        Side side = checked(A, NAME);
        side.set.close();
        assertThat(side.watched).isEmpty();
        assertThat(side.followed).isEmpty();
        assertThat(side.balancer.choose()).isNull();
    }
}
