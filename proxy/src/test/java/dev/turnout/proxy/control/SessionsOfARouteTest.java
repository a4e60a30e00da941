package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.Explanation;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.RouteView.SessionsView;
import dev.turnout.admin.SampleRequest;
import dev.turnout.admin.SessionView;
import dev.turnout.config.DataKind;
import dev.turnout.config.RequestMatch;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionsOfARouteTest {
    private static final ChangeContext ANN = new ChangeContext("ann", Optional.empty(), OptionalLong.empty(),
            Optional.empty());
    private static final RuleConfig REPORTS = new RuleConfig(
            new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(), Map.of(),
                    Map.of("application_name", List.of("report")), List.of()),
            new RuleConfig.Then.To(Target.GREEN), true);

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        start(rig.database(DataKind.SHARED, "0%"));
    }

    private void start(RouteConfig route) throws IOException {
        controller = rig.start(List.of(route));
        rig.traffic.open(Target.BLUE, 7);
        rig.traffic.open(Target.GREEN, 0);
    }

    private static SessionView session(long id, long since) {
        return new SessionView(id, "10.1.2.3:1", "app", "shop", Optional.empty(), false, "idle", "stateless",
                List.of(), Optional.of(Target.BLUE), Optional.empty(), 0, Instant.ofEpochSecond(since),
                Instant.ofEpochSecond(since));
    }

    private Explanation explain(Map<String, String> startup) {
        return controller
                .explain("shop", new SampleRequest("GET", "/", Optional.empty(), Optional.empty(), Map.of(),
                        Map.of(), startup))
                .orElseThrow();
    }

    @Test
    void standTheOldestFirst() {
        rig.traffic.sessions = List.of(session(3, 20), session(2, 10), session(1, 20));
        assertThat(controller.sessions("shop").orElseThrow()).extracting(SessionView::id).containsExactly(2L,
                1L, 3L);
        assertThat(controller.sessions("other")).isEmpty();
    }

    @Test
    void areNotAskedOfAnHttpRoute() throws IOException {
        controller = rig.start(rig.file("turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", "
                + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"] }"));
        assertThatIllegalArgumentException().isThrownBy(() -> controller.sessions("shop"))
                .withMessageContaining("speaks http");
    }

    @Test
    void areCountedInTheViewOfARoute() {
        RouteView view = controller.route("shop", Duration.ofMinutes(1)).orElseThrow();
        assertThat(view.protocol()).isEqualTo("postgresql");
        assertThat(view.data()).hasValue(DataKind.SHARED);
        assertThat(Objects.requireNonNull(view.targets().get(Target.BLUE)).sessions())
                .hasValue(new SessionsView(7, 1, 0, 3, 800, 4));
    }

    @Test
    void areWaitedForByADrain() throws InterruptedException {
        rig.atPause.addAll(List.of(() -> rig.traffic.open(Target.BLUE, 2),
                () -> rig.traffic.open(Target.BLUE, 0)));
        assertThat(controller.drain("shop", Target.BLUE, Duration.ofSeconds(1), ANN))
                .isInstanceOfSatisfying(DrainResult.Drained.class,
                        drained -> assertThat(drained.took()).hasMillis(40));
    }

    @Test
    void areToldWhenTheTimeOfADrainIsUp() throws InterruptedException {
        assertThat(controller.drain("shop", Target.BLUE, Duration.ofSeconds(1), ANN)).isInstanceOfSatisfying(
                DrainResult.TimedOut.class, left -> assertThat(left.sessions()).isEqualTo(7));
    }

    @Test
    void anExplanationReadsTheStartupParameters() throws IOException {
        start(rig.database(DataKind.REPLICATED, "0%", REPORTS));
        assertThat(explain(Map.of("user", "app", "application_name", "report")))
                .extracting(Explanation::target, Explanation::rung).containsExactly(Target.GREEN, "rule");
        assertThat(explain(Map.of("user", "a-user-whose-name-is-longer-than-anything-else")))
                .extracting(Explanation::target, Explanation::rung).containsExactly(Target.BLUE, "writer");
    }

    @Test
    void anExplanationSaysThatNobodyIsThereToServeASession() {
        rig.traffic.sides.replaceAll((_, side) -> new Traffic.LiveSide(Map.of(), 0, 0, 0, 0, side.recent()));
        assertThat(explain(Map.of("user", "app")).sentence())
                .endsWith("so the session is refused with 57P03 no_healthy_endpoint");
    }
}
