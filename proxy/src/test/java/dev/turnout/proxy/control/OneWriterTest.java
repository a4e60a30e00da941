package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeContext.IdempotencyKey;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.RouteView;
import dev.turnout.config.DataKind;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.metrics.Meters;
import dev.turnout.proxy.routing.RoutingSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an operator, a file or a journal says: while green is a replica, those who write stay on one side. */
class OneWriterTest {
    private static final Share TEN = Share.ofPercent("10");
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final ChangeContext ANN = new ChangeContext("ann", Optional.of("try"),
            OptionalLong.empty(), Optional.empty());
    private static final ChangeContext WITH_KEY = new ChangeContext("ann", Optional.empty(),
            OptionalLong.empty(), Optional.of(new IdempotencyKey("k", "green 10%")));
    private static final RuleConfig READS = new RuleConfig(RequestMatch.ANY, new RuleConfig.Then.Weight(),
            true);

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        start(rig.database(DataKind.REPLICATED, "0%"));
    }

    private void start(RouteConfig route) throws IOException {
        controller = rig.start(List.of(route));
    }

    private FileResult replace(RouteConfig route) throws IOException {
        return controller.replaceFile(List.of(route), "bob");
    }

    private RouteView seen() {
        return controller.route("shop", Duration.ofMinutes(1)).orElseThrow();
    }

    private RoutingSnapshot.Route effective() {
        return Objects.requireNonNull(controller.current().route("shop"));
    }

    private static void assertRefused(ChangeResult result) {
        assertThat(result).isInstanceOfSatisfying(ChangeResult.OneWriter.class,
                refused -> assertThat(refused.why()).contains("cutover", "read-only",
                        "shared or independent"));
    }

    @Test
    void aWeightThatWouldSendWritersAcrossIsRefused() throws IOException {
        assertRefused(controller.setSplit("shop", TEN, ANN));
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
        assertThat(rig.journal().size()).isZero();
        assertThat(rig.audited()).isEmpty();
    }

    @Test
    void noWeightAtAllIsAllowed() {
        assertThat(controller.setSplit("shop", Share.NONE, ANN)).isInstanceOf(ChangeResult.Applied.class);
    }

    @Test
    void aWeightOfReadsIsAllowed() throws IOException {
        start(rig.database(DataKind.REPLICATED, "0%", READS));
        assertThat(controller.setSplit("shop", TEN, ANN)).isInstanceOf(ChangeResult.Applied.class);
        assertThat(effective().split().green()).isEqualTo(TEN);
    }

    @ParameterizedTest
    @EnumSource(names = "REPLICATED", mode = EnumSource.Mode.EXCLUDE)
    void whoKnowsThatBothMayBeWrittenToMaySplitAndDrain(DataKind data) throws Exception {
        start(rig.database(data, "0%"));
        assertThat(controller.setSplit("shop", TEN, ANN)).isInstanceOf(ChangeResult.Applied.class);
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN)).isInstanceOf(DrainResult.Drained.class);
    }

    @Test
    void theSideOfTheWritersCannotBeDrained() throws InterruptedException {
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN)).isInstanceOfSatisfying(
                DrainResult.Refused.class, refused -> assertRefused(refused.why()));
        assertThat(effective().drained()).isEmpty();
        assertThat(rig.traffic.calls).isEmpty();
    }

    @Test
    void theReplicaCanBeDrained() throws InterruptedException {
        assertThat(controller.drain("shop", Target.GREEN, LIMIT, ANN))
                .isInstanceOf(DrainResult.Drained.class);
    }

    @Test
    void aResetToAFileThatForbidsItIsRefused() throws IOException {
        start(rig.database(DataKind.SHARED, "10%"));
        controller.setSplit("shop", Share.NONE, ANN);
        start(rig.database(DataKind.REPLICATED, "10%"));
        assertRefused(controller.resetSplit("shop", ANN));
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
    }

    @Test
    void aRefusalIsNotKeptUnderItsKey() throws IOException {
        assertRefused(controller.setSplit("shop", TEN, WITH_KEY));
        replace(rig.database(DataKind.SHARED, "0%"));
        assertThat(controller.setSplit("shop", TEN, WITH_KEY))
                .as("the same request, once it is allowed, must not be taken for carried out")
                .isInstanceOfSatisfying(ChangeResult.Applied.class,
                        applied -> assertThat(applied.replayed()).isFalse());
    }

    @Test
    void aKeyThatWasCarriedOutIsReplayedUnderAnotherFile() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.setSplit("shop", TEN, WITH_KEY);
        start(rig.database(DataKind.REPLICATED, "0%"));
        assertThat(controller.setSplit("shop", TEN, WITH_KEY)).isInstanceOfSatisfying(
                ChangeResult.Applied.class, applied -> assertThat(applied.replayed()).isTrue());
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
    }

    @Test
    void aStaleConditionIsToldFirst() {
        ChangeContext late = new ChangeContext("ann", Optional.empty(), OptionalLong.of(7), Optional.empty());
        assertThat(controller.setSplit("shop", TEN, late)).isEqualTo(new ChangeResult.Stale(7, 0));
    }

    @Test
    void aRefusalIsCountedAsSuch() {
        controller.setSplit("shop", TEN, ANN);
        Meters meters = new Meters();
        meters.control(controller.meters());
        assertThat(meters.scrape()).contains("turnout_changes_total{result=\"refused\"} 1.0");
    }

    /** What was set under another file. */
    private void restartUnderAWeightThatIsForbidden() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.setSplit("shop", TEN, ANN);
        start(rig.database(DataKind.REPLICATED, "0%"));
    }

    @Test
    void aRestartDoesNotSendWritersWhereTheFileForbidsIt() throws IOException {
        restartUnderAWeightThatIsForbidden();
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
        assertThat(seen().split()).satisfies(split -> {
            assertThat(split.green()).isEqualTo(Share.NONE);
            assertThat(split.runtime()).hasValue(TEN);
            assertThat(split.hidden()).hasValueSatisfying(
                    why -> assertThat(why).startsWith("green: 10%").contains("data = replicated"));
        });
    }

    @Test
    void aRestartDoesNotDrainWhereTheFileForbidsIt() throws Exception {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        start(rig.database(DataKind.REPLICATED, "0%", READS));
        assertThat(effective().drained()).isEmpty();
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
        assertThat(seen().split().hidden())
                .hasValueSatisfying(why -> assertThat(why).contains("blue", "data = replicated"));
    }

    @Test
    void whatIsNotInForceCanBeDropped() throws IOException {
        restartUnderAWeightThatIsForbidden();
        assertThat(controller.resetSplit("shop", ANN)).isInstanceOf(ChangeResult.Applied.class);
        assertThat(seen().split().hidden()).isEmpty();
        assertThat(seen().split().runtime()).isEmpty();
    }

    @Test
    void aFileThatWouldForbidWhatIsInForceIsRefused() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.setSplit("shop", TEN, ANN);
        assertThatIOException().isThrownBy(() -> replace(rig.database(DataKind.REPLICATED, "0%")))
                .withMessageStartingWith("route shop: one_writer: ")
                .withMessageContaining("turnout split shop --reset");
        assertThat(seen().data()).hasValue(DataKind.SHARED);
        assertThat(effective().split().green()).isEqualTo(TEN);
    }

    @Test
    void afterAResetTheFileIsTaken() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.setSplit("shop", TEN, ANN);
        controller.resetSplit("shop", ANN);
        replace(rig.database(DataKind.REPLICATED, "0%"));
        assertThat(seen().data()).hasValue(DataKind.REPLICATED);
        assertThat(seen().split().hidden()).isEmpty();
    }

    @Test
    void aFileThatChangesSomethingElseIsTakenAndWhatIsNotInForceStaysSo() throws IOException {
        restartUnderAWeightThatIsForbidden();
        assertThat(replace(rig.database(DataKind.REPLICATED, "0%",
                new RuleConfig(RequestMatch.ANY, new RuleConfig.Then.To(Target.GREEN), true))).overridden())
                .singleElement().asString()
                .startsWith(
                        "route shop: ann set green 10% at run time (version 1), which is not in force: one_writer");
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
    }

    @Test
    void whatHoldsAgainUnderAnotherFileIsReported() throws IOException {
        restartUnderAWeightThatIsForbidden();
        assertThat(replace(rig.database(DataKind.SHARED, "0%")).overridden()).containsExactly(
                "route shop: ann set green 10% at run time (version 1), which holds again");
        assertThat(effective().split().green()).isEqualTo(TEN);
    }

    @Test
    void aRouteThatComesBackAsAReplicaDoesNotBringItsOldWeight() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
        controller.setSplit("shop", TEN, ANN);
        controller.replaceFile(List.of(), "bob");
        assertThat(replace(rig.database(DataKind.REPLICATED, "0%")).overridden()).singleElement().asString()
                .contains("is not in force: one_writer");
        assertThat(effective().split().green()).isEqualTo(Share.NONE);
    }

    @Test
    void whatIsNotInForceSurvivesRestarts() throws IOException {
        restartUnderAWeightThatIsForbidden();
        RouteView before = seen();
        start(rig.database(DataKind.REPLICATED, "0%"));
        assertThat(seen()).isEqualTo(before);
    }
}
