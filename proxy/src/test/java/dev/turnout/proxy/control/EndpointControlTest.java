package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.ChangeResult.Applied;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.admin.RouteView.Origin;
import dev.turnout.admin.RouteView.RemovedView;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.Traffic.LiveEndpoint;
import dev.turnout.proxy.control.Traffic.LiveSide;
import dev.turnout.proxy.testkit.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints at run time: the layer over the file, and what traffic is told of it. */
class EndpointControlTest {
    private static final String[] FILE = {"b:1", "a:1"};

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        rig.traffic.sides
                .replaceAll((_, _) -> new LiveSide(Map.of(at("a:1"), new LiveEndpoint(false, false, 4)), 5, 6,
                        7, 8, ControlRig.NOTHING));
        restart(route("shop", FILE));
    }

    /** A process that starts anew: what it knows is in the file and in the journal. */
    private void restart(RouteConfig... routes) throws IOException {
        controller = rig.start(List.of(routes));
    }

    private static Address at(String text) {
        return Address.parseEndpoint(text);
    }

    private RouteConfig route(String name, String... blue) {
        return Configs.load(rig.folder.resolve("file"), "turnout.routes." + name
                + " { protocol = http, listen = \"0.0.0.0:8080\", blue.endpoints = [\""
                + String.join("\", \"", blue)
                + "\"], green.endpoints = [\"g:1\"], split.green = 5% }").routes().getFirst();
    }

    private static EndpointKey blue(String address) {
        return new EndpointKey("shop", Target.BLUE, at(address));
    }

    private static ChangeContext because(String reason) {
        return new ChangeContext("ann", Optional.of(reason), OptionalLong.empty(), Optional.empty());
    }

    private ChangeResult drain(String address) {
        return controller.setEndpoint(blue(address), EndpointState.DRAINED, because("drain"));
    }

    private ChangeResult activate(String address) {
        return controller.setEndpoint(blue(address), EndpointState.ACTIVE, because("activate"));
    }

    private ChangeResult remove(String address) {
        return controller.removeEndpoint(blue(address), because("remove"));
    }

    private RouteView seen() {
        return controller.route("shop", Duration.ofMinutes(1)).orElseThrow();
    }

    private TargetView seenBlue() {
        return Objects.requireNonNull(seen().targets().get(Target.BLUE));
    }

    private String toldBlue() {
        return Objects.requireNonNull(rig.traffic.told.get("shop blue"));
    }

    @Test
    void trafficIsToldOfEverySideAtTheStart() throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        assertThat(rig.traffic.told).containsOnly(Map.entry("api blue", "{c:1=ACTIVE}"),
                Map.entry("api green", "{g:1=ACTIVE}"),
                Map.entry("shop blue", "{b:1=ACTIVE, a:1=ACTIVE}"), Map.entry("shop green", "{g:1=ACTIVE}"));
    }

    @Test
    void showsTheFileWithWhatIsGoingOn() {
        assertThat(seenBlue()).isEqualTo(new TargetView(List.of(
                new EndpointView("b:1", EndpointState.ACTIVE, true, 0, Origin.FILE, Optional.empty()),
                new EndpointView("a:1", EndpointState.ACTIVE, false, 4, Origin.FILE, Optional.empty())),
                List.of(),
                5, 6, 7, 8, ControlRig.NOTHING, Optional.empty()));
    }

    @Test
    void aDrainedEndpointIsKnownAsSuchToTrafficAndOperators() {
        drain("a:1");
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, a:1=DRAINED}");
        assertThat(seenBlue().endpoints()).last().isEqualTo(
                new EndpointView("a:1", EndpointState.DRAINED, false, 4, Origin.FILE, Optional.of("drain")));
    }

    @Test
    void aChangeTellsTrafficOfItsSideOnly() {
        rig.traffic.told.clear();
        drain("a:1");
        assertThat(rig.traffic.told).containsOnlyKeys("shop blue");
    }

    @Test
    void drainedThenActivatedIsAsInTheFile() {
        drain("a:1");
        activate("a:1");
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, a:1=ACTIVE}");
        assertThat(seenBlue().endpoints()).last().isEqualTo(
                new EndpointView("a:1", EndpointState.ACTIVE, false, 4, Origin.FILE, Optional.empty()));
    }

    @Test
    void addedEndpointsComeAfterTheFileInTheOrderOfTheirAddresses() {
        activate("z:1");
        activate("[::1]:80");
        activate("c:1");
        drain("z:1");
        assertThat(toldBlue())
                .isEqualTo("{b:1=ACTIVE, a:1=ACTIVE, [::1]:80=ACTIVE, c:1=ACTIVE, z:1=DRAINED}");
        assertThat(seenBlue().endpoints()).extracting(EndpointView::origin).containsExactly(Origin.FILE,
                Origin.FILE, Origin.RUNTIME, Origin.RUNTIME, Origin.RUNTIME);
    }

    @Test
    void aRemovedEndpointOfTheFileIsGoneButNotForgotten() {
        remove("a:1");
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE}");
        assertThat(seenBlue().removed()).containsExactly(new RemovedView("a:1", Optional.of("remove")));
    }

    @Test
    void aRemovedEndpointOfRunTimeDisappears() {
        activate("c:1");
        remove("c:1");
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, a:1=ACTIVE}");
        assertThat(seenBlue().removed()).isEmpty();
    }

    @Test
    void aRemovedEndpointComesBackWhereItWas() {
        remove("b:1");
        activate("b:1");
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, a:1=ACTIVE}");
        assertThat(seenBlue().removed()).isEmpty();
    }

    @Test
    void aChangeRaisesTheVersionOfItsRouteAndLeavesTheShareAlone() throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        controller.setSplit("shop", Share.ALL, because("all"));
        drain("a:1");
        assertThat(seen().version()).isEqualTo(2);
        assertThat(controller.current().version()).isEqualTo(2);
        assertThat(Objects.requireNonNull(controller.current().route("api")).version()).isZero();
        assertThat(seen().split().green()).isEqualTo(Share.ALL);
    }

    @Test
    void aChangeAnswersWithTheRouteAsItStands() {
        assertThat(drain("a:1")).isEqualTo(new Applied(seen(), false));
        assertThat(remove("a:1")).isEqualTo(new Applied(seen(), false));
    }

    @Test
    void whatIsSoAlreadyIsNoChange() throws IOException {
        drain("a:1");
        long bytes = Files.size(rig.folder.resolve("journal"));
        rig.traffic.timesTold = 0;
        assertThat(drain("a:1")).isEqualTo(new Applied(seen(), false));
        assertThat(activate("b:1")).isEqualTo(new Applied(seen(), false));
        assertThat(seen().version()).isEqualTo(1);
        assertThat(Files.size(rig.folder.resolve("journal"))).isEqualTo(bytes);
        assertThat(rig.traffic.timesTold).isZero();
    }

    @Test
    void anUnknownEndpointIsNamedWithThoseThatThereAre() {
        remove("a:1");
        activate("c:1");
        assertThat(drain("a:1")).as("a removed one is unknown")
                .isEqualTo(new ChangeResult.UnknownEndpoint(blue("a:1"), List.of(at("b:1"), at("c:1"))));
        assertThat(remove("g:1")).as("of the other side")
                .isEqualTo(new ChangeResult.UnknownEndpoint(blue("g:1"), List.of(at("b:1"), at("c:1"))));
    }

    @Test
    void anUnknownRouteIsNamedWithThoseThatThereAre() {
        var endpoint = new EndpointKey("shpo", Target.BLUE, at("a:1"));
        var unknown = new ChangeResult.UnknownRoute("shpo", List.of("shop"));
        assertThat(controller.setEndpoint(endpoint, EndpointState.ACTIVE, because("x"))).isEqualTo(unknown);
        assertThat(controller.removeEndpoint(endpoint, because("x"))).isEqualTo(unknown);
    }

    @Test
    void aSideKeepsItsLastActiveEndpoint() {
        drain("a:1");
        assertThat(drain("b:1")).isEqualTo(new ChangeResult.LastEndpoint(blue("b:1")));
        assertThat(remove("b:1")).isEqualTo(new ChangeResult.LastEndpoint(blue("b:1")));
        assertThat(remove("a:1")).as("the drained one is not missed").isInstanceOf(Applied.class);
        assertThat(remove("b:1")).isEqualTo(new ChangeResult.LastEndpoint(blue("b:1")));
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE}");
        activate("c:1");
        assertThat(remove("b:1")).as("another one took over").isInstanceOf(Applied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "0.0.0.0:8080", "localhost:8080"})
    void noEndpointIsAddedWhereARouteListens(String address) throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        assertThat(activate(address)).isEqualTo(new ChangeResult.Circle(blue(address), "api"));
        assertThat(activate("127.0.0.1:8081")).isInstanceOf(Applied.class);
        assertThat(activate("10.0.0.1:8080")).isInstanceOf(Applied.class);
    }

    @Test
    void eachSideIsCountedForItself() {
        var green = new EndpointKey("shop", Target.GREEN, at("g:1"));
        assertThat(controller.removeEndpoint(green, because("x")))
                .isEqualTo(new ChangeResult.LastEndpoint(green));
        assertThat(drain("a:1")).isInstanceOf(Applied.class);
    }

    @Test
    void oneAddressOnBothSidesIsTwoEndpoints() {
        activate("g:1");
        drain("g:1");
        assertThat(rig.traffic.told).containsEntry("shop green", "{g:1=ACTIVE}");
        assertThat(toldBlue()).endsWith("g:1=DRAINED}");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, -1})
    void aStaleConditionRefusesTheChangeBeforeAnythingElse(long version) {
        drain("a:1");
        var late = new ChangeContext("bob", Optional.empty(), OptionalLong.of(version), Optional.empty());
        var stale = new ChangeResult.Stale(version, 1);
        assertThat(controller.setEndpoint(blue("c:1"), EndpointState.ACTIVE, late)).isEqualTo(stale);
        assertThat(controller.setEndpoint(blue("a:1"), EndpointState.DRAINED, late)).as("even if it is so")
                .isEqualTo(stale);
        assertThat(controller.removeEndpoint(blue("b:1"), late)).isEqualTo(stale);
        assertThat(controller.setSplit("shop", Share.ALL, late)).as("one version for split and endpoints")
                .isEqualTo(stale);
    }

    @Test
    void ofFiftyOperatorsWhoEachDrainAnotherOneEndpointIsLeft()
            throws InterruptedException, ExecutionException {
        List<Callable<ChangeResult>> operators = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            activate("h" + i + ":1");
        }
        seenBlue().endpoints().forEach(view -> operators.add(() -> drain(view.address())));
        List<ChangeResult> refused = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ChangeResult> result : threads.invokeAll(operators)) {
                if (!(result.get() instanceof Applied)) {
                    refused.add(result.get());
                }
            }
        }
        assertThat(operators).hasSize(50);
        assertThat(refused).singleElement().isInstanceOf(ChangeResult.LastEndpoint.class);
        assertThat(toldBlue()).as("traffic heard of the last change last").containsOnlyOnce("ACTIVE");
    }

    @Test
    void aRestartKeepsEverything() throws IOException {
        controller.setSplit("shop", Share.ALL, because("all"));
        drain("a:1");
        activate("[fd00::7]:80");
        activate("c:1");
        drain("c:1");
        remove("b:1");
        RouteView before = seen();
        String traffic = toldBlue();
        restart(route("shop", FILE));
        assertThat(seen()).isEqualTo(before);
        assertThat(toldBlue()).isEqualTo(traffic);
        assertThat(traffic).isEqualTo("{a:1=DRAINED, c:1=DRAINED, [fd00::7]:80=ACTIVE}");
    }

    @Test
    void aRestartGoesOnCounting() throws IOException {
        drain("a:1");
        activate("a:1");
        restart(route("shop", FILE));
        assertThat(seen().version()).isEqualTo(2);
        drain("a:1");
        assertThat(seen().version()).as("a version that comes twice lets a stale If-Match pass").isEqualTo(3);
    }

    private void changeUntilCompacted() throws IOException {
        String reason = "x".repeat(16_000);
        long largest = 0;
        for (int i = 0; Files.size(rig.folder.resolve("journal")) >= largest; i++) {
            largest = Files.size(rig.folder.resolve("journal"));
            controller.setSplit("api", new Share(i), because(reason + i));
            assertThat(i).as("changes of 16 KB, compacted beyond a megabyte").isLessThan(80);
        }
    }

    @Test
    void compactionKeepsEverything() throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        activate("c:1");
        drain("c:1");
        remove("a:1");
        changeUntilCompacted();
        List<RouteView> before = controller.routes(Duration.ofMinutes(1));
        restart(route("shop", FILE), route("api", "c:1"));
        assertThat(controller.routes(Duration.ofMinutes(1))).isEqualTo(before);
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, c:1=DRAINED}");
    }

    @Test
    void compactionKeepsTheVersionOfWhatIsBackToTheFile() throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        drain("a:1");
        activate("a:1");
        changeUntilCompacted();
        restart(route("shop", FILE), route("api", "c:1"));
        assertThat(seen().version()).isEqualTo(2);
    }

    @Test
    void compactionForgetsEndpointsThatCameAndWent() throws IOException {
        restart(route("shop", FILE), route("api", "c:1"));
        for (int i = 0; i < 100; i++) {
            activate("gone" + i + ":1");
            remove("gone" + i + ":1");
        }
        changeUntilCompacted();
        assertThat(Files.readString(rig.folder.resolve("journal")).split("gone", -1))
                .as("but for the newest change, whose version counts").hasSize(2);
    }

    @Test
    void aRouteThatComesBackHasItsEndpointsAgain() throws IOException {
        drain("a:1");
        restart(route("api", "c:1"));
        assertThat(rig.traffic.told).containsOnlyKeys("api blue", "api green");
        changeUntilCompacted();
        restart(route("shop", FILE), route("api", "c:1"));
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, a:1=DRAINED}");
        assertThat(seen().version()).isEqualTo(1);
    }

    @Test
    void aRemovedEndpointStaysRemovedThoughTheFileChanged() throws IOException {
        remove("a:1");
        restart(route("shop", "b:1"));
        assertThat(seenBlue().removed()).as("the file agrees").isEmpty();
        restart(route("shop", "b:1", "d:1", "a:1"));
        assertThat(toldBlue()).isEqualTo("{b:1=ACTIVE, d:1=ACTIVE}");
    }

    @Test
    void anAddedEndpointThatTheFileGetsTooIsTheFiles() throws IOException {
        activate("c:1");
        restart(route("shop", "c:1", "b:1"));
        assertThat(toldBlue()).isEqualTo("{c:1=ACTIVE, b:1=ACTIVE}");
        assertThat(seenBlue().endpoints()).extracting(EndpointView::origin).containsOnly(Origin.FILE);
        remove("c:1");
        assertThat(seenBlue().removed()).extracting(RemovedView::address).containsExactly("c:1");
    }

    @Test
    void startsThoughTheFileLeavesASideWithoutAnActiveEndpoint() throws IOException {
        drain("a:1");
        restart(route("shop", "a:1"));
        assertThat(toldBlue()).isEqualTo("{a:1=DRAINED}");
        assertThat(activate("a:1")).isInstanceOf(Applied.class);
    }

    @Test
    void whatCannotBeMadeDurableHasNoEffect() throws IOException {
        RouteView before = seen();
        rig.close();
        rig.traffic.timesTold = 0;
        assertThat(drain("a:1")).isInstanceOf(ChangeResult.NotDurable.class);
        assertThat(remove("a:1")).isInstanceOf(ChangeResult.NotDurable.class);
        assertThat(seen()).isEqualTo(before);
        assertThat(rig.traffic.timesTold).isZero();
    }

    @Test
    void aLineFromBeforeThereWereKindsIsStillRead() throws IOException {
        rig.journal().append("{\"route\":\"shop\",\"greenPpm\":100000,\"actor\":\"ann\",\"version\":1,"
                + "\"at\":\"2026-11-20T12:00:00Z\"}");
        restart(route("shop", FILE));
        assertThat(seen().split().green()).isEqualTo(new Share(100_000));
    }

    @Test
    void aRecordOfALaterVersionIsNamedWithItsPlace() throws IOException {
        drain("a:1");
        rig.journal().append("{\"kind\":\"hold\",\"route\":\"shop\",\"actor\":\"ann\",\"version\":2,"
                + "\"at\":\"2026-11-20T12:00:00Z\"}");
        assertThatThrownBy(() -> restart(route("shop", FILE))).isInstanceOf(IOException.class)
                .hasMessageContainingAll(rig.folder.resolve("journal").toString(), "record 2",
                        "kind: hold (expected: split, endpoint, file, repetition)");
    }
}
