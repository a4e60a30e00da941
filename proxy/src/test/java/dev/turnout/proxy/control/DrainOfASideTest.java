package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.RouteView;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DrainOfASideTest {
    private static final String FILE = "turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", "
            + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"], split.green = 5% }";
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final ChangeContext ANN = new ChangeContext("ann", Optional.of("move"),
            OptionalLong.empty(), Optional.empty());

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        controller = rig.start(rig.file(FILE));
    }

    private RouteView seen() {
        return controller.route("shop", Duration.ofMinutes(1)).orElseThrow();
    }

    @Test
    void everythingGoesToTheOtherSide() throws InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        assertThat(seen().split()).extracting(RouteView.Split::green, RouteView.Split::drained)
                .containsExactly(Share.ALL, Optional.of(Target.BLUE));
        controller.drain("shop", Target.GREEN, LIMIT, ANN);
        assertThat(seen().split()).extracting(RouteView.Split::green, RouteView.Split::drained)
                .containsExactly(Share.NONE, Optional.of(Target.GREEN));
    }

    @Test
    void endsWhenNothingIsUnderWay() throws InterruptedException {
        rig.traffic.busy(Target.BLUE, 2, 1);
        rig.atPause.addAll(List.of(() -> rig.traffic.busy(Target.BLUE, 0, 1),
                () -> rig.traffic.busy(Target.BLUE, 0, 0)));
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN))
                .isEqualTo(new DrainResult.Drained(seen(), Duration.ofMillis(40)));
    }

    @Test
    void doesNotLookBeforeEveryLoopHasHeardOfIt() throws InterruptedException {
        rig.traffic.settled = new CompletableFuture<>();
        rig.atPause.addAll(List.of(() -> {}, () -> rig.traffic.settled.complete(null)));
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN))
                .isEqualTo(new DrainResult.Drained(seen(), Duration.ofMillis(40)));
    }

    @Test
    void saysWhatIsLeftWhenTimeIsUpAndStaysDrained() throws InterruptedException {
        rig.traffic.busy(Target.BLUE, 2, 1);
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN))
                .isEqualTo(new DrainResult.TimedOut(seen(), 2, 1, 0));
        assertThat(seen().split().drained()).isEqualTo(Optional.of(Target.BLUE));
    }

    @Test
    void looksOnceWithoutAnyTime() throws InterruptedException {
        assertThat(controller.drain("shop", Target.BLUE, Duration.ZERO, ANN))
                .isInstanceOf(DrainResult.Drained.class);
    }

    @Test
    void upgradedConnectionsAreClosedWithinTheSameTime() throws InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        assertThat(rig.traffic.calls).containsExactly("retire shop blue PT1S");
    }

    @Test
    void aWeightUndoesItAndKeepsWhatIsNotClosedYet() throws InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        controller.setSplit("shop", new Share(100_000), ANN);
        assertThat(seen().split().drained()).isEmpty();
        assertThat(rig.traffic.calls).last().isEqualTo("keep shop blue");
    }

    @Test
    void aResetUndoesIt() throws InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        controller.resetSplit("shop", ANN);
        assertThat(seen().split()).extracting(RouteView.Split::green, RouteView.Split::drained)
                .containsExactly(new Share(50_000), Optional.empty());
    }

    @Test
    void whoeverWaitsHearsThatItWasUndone() throws InterruptedException {
        rig.traffic.busy(Target.BLUE, 1, 0);
        rig.atPause.add(() -> controller.setSplit("shop", Share.NONE, ANN));
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN))
                .isEqualTo(new DrainResult.Undone(seen()));
    }

    @Test
    void whoeverWaitsHearsThatTheRouteIsGone() throws InterruptedException {
        rig.traffic.busy(Target.BLUE, 1, 0);
        rig.atPause.add(() -> replace(FILE.replace("shop", "cart")));
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, ANN))
                .isEqualTo(new DrainResult.Refused(new ChangeResult.UnknownRoute("shop", List.of())));
    }

    private void replace(String file) {
        try {
            controller.replaceFile(rig.file(file), "ann");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void drainingAgainWaitsAgainWithoutAnotherVersion() throws InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        long version = seen().version();
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        assertThat(seen().version()).isEqualTo(version);
    }

    @Test
    void aStaleConditionRefusesIt() throws InterruptedException {
        ChangeContext late = new ChangeContext("ann", Optional.empty(), OptionalLong.of(7), Optional.empty());
        assertThat(controller.drain("shop", Target.BLUE, LIMIT, late))
                .isEqualTo(new DrainResult.Refused(new ChangeResult.Stale(7, 0)));
        assertThat(rig.traffic.calls).isEmpty();
    }

    @Test
    void survivesARestart() throws IOException, InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        RouteView before = seen();
        controller = rig.start(rig.file(FILE));
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void isToldInTheAuditAndAsAnEvent() throws IOException, InterruptedException {
        controller.drain("shop", Target.BLUE, LIMIT, ANN);
        assertThat(rig.audited()).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("drain");
            assertThat(entry.before()).isEqualTo("green 5%");
            assertThat(entry.after()).isEqualTo("green 100%, blue drained");
        });
        assertThat(rig.events.since(0)).last().satisfies(event -> assertThat(event.text())
                .isEqualTo("shop: green 5% -> green 100%, blue drained by ann: move"));
    }
}
