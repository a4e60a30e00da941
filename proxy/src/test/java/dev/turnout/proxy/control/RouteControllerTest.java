package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.RouteView;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteControllerTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Share FIVE = new Share(50_000);
    private static final Share TEN = new Share(100_000);

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        controller = started("shop", "search");
    }

    /** A process that starts anew: what it knows is in the file and in the journal. */
    private RouteController started(String... routes) throws IOException {
        return rig.start(file(routes));
    }

    private List<RouteConfig> file(String... routes) {
        return rig.file(Stream.of(routes)
                .map(name -> "turnout.routes." + name + " { protocol = http, listen = \"127.0.0.1:0\", "
                        + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"], split.green = 5% }")
                .collect(Collectors.joining("\n")));
    }

    private static ChangeContext because(String reason) {
        return new ChangeContext("ann", Optional.of(reason), OptionalLong.empty(), Optional.empty());
    }

    private static ChangeContext ifVersion(long version) {
        return new ChangeContext("ann", Optional.empty(), OptionalLong.of(version), Optional.empty());
    }

    private RouteView seen(String name) {
        return controller.route(name, WINDOW).orElseThrow();
    }

    private Share effective(String name) {
        return Objects.requireNonNull(controller.current().route(name)).split().green();
    }

    @Test
    void beginsWithTheFile() {
        assertThat(controller.routes(WINDOW)).extracting(RouteView::name).containsExactly("search", "shop");
        assertThat(seen("shop").split()).isEqualTo(
                new RouteView.Split(FIVE, FIVE, Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty(), "shop",
                        Optional.empty(), Optional.empty()));
    }

    @Test
    void beginsAtVersionZero() {
        assertThat(seen("shop").version()).isZero();
    }

    @Test
    void aChangeTakesEffect() {
        controller.setSplit("shop", TEN, because("try"));
        assertThat(effective("shop")).isEqualTo(TEN);
    }

    @Test
    void aChangeLeavesOtherRoutesAlone() {
        controller.setSplit("shop", TEN, because("try"));
        assertThat(seen("search")).extracting(RouteView::version, view -> view.split().green())
                .containsExactly(0L, FIVE);
    }

    @Test
    void aChangeAnswersWithTheRouteAsItStands() {
        assertThat(controller.setSplit("shop", TEN, because("try")))
                .isEqualTo(new ChangeResult.Applied(seen("shop"), false));
    }

    @Test
    void aChangeShowsShareFileAndReason() {
        controller.setSplit("shop", TEN, because("try"));
        assertThat(seen("shop").split()).isEqualTo(new RouteView.Split(TEN, FIVE, Optional.of(TEN),
                Optional.of("try"), Optional.empty(), Optional.empty(), "shop", Optional.empty(),
                Optional.empty()));
    }

    @Test
    void everyChangeAnywhereRaisesTheOneVersion() {
        controller.setSplit("shop", TEN, because("a"));
        controller.setSplit("search", TEN, because("b"));
        assertThat(List.of(seen("shop").version(), seen("search").version(), controller.current().version()))
                .containsExactly(1L, 2L, 2L);
    }

    @Test
    void aChangeOfWeightIsNoNewEpoch() {
        controller.setSplit("shop", TEN, because("a"));
        assertThat(controller.current().epoch()).isZero();
    }

    @Test
    void settingTheSameShareAgainIsAChangeToo() {
        controller.setSplit("shop", TEN, because("a"));
        controller.setSplit("shop", TEN, because("b"));
        assertThat(seen("shop").version()).isEqualTo(2);
    }

    @Test
    void aConditionThatHoldsLetsTheChangePass() {
        controller.setSplit("shop", TEN, ifVersion(0));
        assertThat(controller.setSplit("shop", FIVE, ifVersion(1))).isInstanceOf(ChangeResult.Applied.class);
    }

    @Test
    void aConditionIsAboutItsRouteOnly() {
        controller.setSplit("search", TEN, because("a"));
        assertThat(controller.setSplit("shop", TEN, ifVersion(0))).isInstanceOf(ChangeResult.Applied.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 99, -1})
    void aStaleConditionRefusesTheChange(long version) {
        controller.setSplit("shop", TEN, because("a"));
        assertThat(controller.setSplit("shop", FIVE, ifVersion(version)))
                .isEqualTo(new ChangeResult.Stale(version, 1));
    }

    @Test
    void aResetOfWhatWasNeverSetMakesNoVersion() throws IOException {
        RouteView before = seen("shop");
        assertThat(controller.resetSplit("shop", because("b")))
                .isEqualTo(new ChangeResult.Applied(before, false));
        assertThat(Files.size(rig.folder.resolve("journal"))).isZero();
    }

    @Test
    void aStaleChangeHasNoEffect() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        RouteView before = seen("shop");
        controller.setSplit("shop", Share.ALL, ifVersion(0));
        controller.resetSplit("shop", ifVersion(0));
        assertThat(seen("shop")).isEqualTo(before);
        controller = started("shop", "search");
        assertThat(seen("shop")).as("nor after a restart").isEqualTo(before);
    }

    @Test
    void anUnknownRouteIsNamedWithThoseThatThereAre() {
        assertThat(controller.setSplit("shpo", TEN, because("a")))
                .isEqualTo(new ChangeResult.UnknownRoute("shpo", List.of("search", "shop")));
    }

    @Test
    void anUnknownRouteHasNoView() {
        assertThat(controller.route("shpo", WINDOW)).isEmpty();
    }

    @Test
    void aResetGoesBackToTheFile() {
        controller.setSplit("shop", TEN, because("a"));
        controller.resetSplit("shop", because("enough"));
        assertThat(seen("shop").split()).isEqualTo(
                new RouteView.Split(FIVE, FIVE, Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty(), "shop",
                        Optional.empty(), Optional.empty()));
    }

    @Test
    void aResetIsAChangeWithAVersion() {
        controller.setSplit("shop", TEN, because("a"));
        controller.resetSplit("shop", because("enough"));
        assertThat(seen("shop").version()).isEqualTo(2);
    }

    @Test
    void aRestartKeepsShareVersionAndReason() throws IOException {
        controller.setSplit("search", TEN, because("a"));
        controller.setSplit("shop", TEN, because("with \"quotes\", \u00E4 and\na line end"));
        List<RouteView> before = controller.routes(WINDOW);
        controller = started("shop", "search");
        assertThat(controller.routes(WINDOW)).isEqualTo(before);
    }

    @Test
    void aRestartKeepsAReset() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        controller.resetSplit("shop", because("b"));
        controller = started("shop", "search");
        assertThat(seen("shop")).extracting(RouteView::version, view -> view.split().green())
                .containsExactly(2L, FIVE);
    }

    @Test
    void aRestartGoesOnCounting() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        controller = started("shop", "search");
        controller.setSplit("search", TEN, because("b"));
        assertThat(seen("search").version()).as("a version that comes twice lets a stale If-Match pass")
                .isEqualTo(2);
    }

    @Test
    void aRouteThatIsGoneFromTheFileIsIgnored() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        controller = started("search");
        assertThat(controller.routes(WINDOW)).extracting(RouteView::name).containsExactly("search");
    }

    @Test
    void aRouteThatIsGoneLeavesItsVersionsTaken() throws IOException {
        controller.setSplit("search", TEN, because("a"));
        controller.setSplit("shop", TEN, because("b"));
        controller = started("search");
        controller.setSplit("search", FIVE, because("c"));
        assertThat(seen("search").version()).isEqualTo(3);
    }

    @Test
    void aRouteThatComesBackHasItsShareAgain() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        controller = started("search");
        controller.setSplit("search", FIVE, because("b"));
        controller = started("shop", "search");
        assertThat(seen("shop")).extracting(RouteView::version, view -> view.split().green())
                .containsExactly(1L, TEN);
    }

    private void changeUntilCompacted() throws IOException {
        String reason = "x".repeat(16_000);
        long largest = 0;
        for (int i = 0; Files.size(rig.folder.resolve("journal")) >= largest; i++) {
            largest = Files.size(rig.folder.resolve("journal"));
            controller.setSplit("shop", new Share(i), because(reason + i));
            assertThat(i).as("changes of 16 KB, compacted beyond a megabyte").isLessThan(80);
        }
    }

    @Test
    void compactionKeepsEverything() throws IOException {
        controller.setSplit("search", TEN, because("early"));
        changeUntilCompacted();
        List<RouteView> before = controller.routes(WINDOW);
        controller = started("shop", "search");
        assertThat(controller.routes(WINDOW)).isEqualTo(before);
    }

    @Test
    void compactionKeepsTheVersionOfAReset() throws IOException {
        controller.setSplit("search", TEN, because("a"));
        controller.resetSplit("search", because("b"));
        changeUntilCompacted();
        controller = started("shop", "search");
        assertThat(seen("search")).extracting(RouteView::version, view -> view.split().green())
                .containsExactly(2L, FIVE);
    }

    @Test
    void compactionKeepsARouteThatIsGoneForNow() throws IOException {
        controller.setSplit("search", TEN, because("a"));
        controller = started("shop");
        changeUntilCompacted();
        controller = started("shop", "search");
        assertThat(seen("search")).extracting(RouteView::version, view -> view.split().green())
                .containsExactly(1L, TEN);
    }

    @Test
    void changesGoOnAfterCompaction() throws IOException {
        changeUntilCompacted();
        long version = controller.current().version();
        controller.setSplit("search", TEN, because("later"));
        controller = started("shop", "search");
        assertThat(seen("search").version()).isEqualTo(version + 1);
    }

    @Test
    void fiftyWritersMakeOneHistory() throws IOException, InterruptedException, ExecutionException {
        List<Callable<ChangeResult>> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Share share = new Share(i);
            writers.add(
                    () -> controller.setSplit(share.ppm() % 2 == 0 ? "shop" : "search", share, because("w")));
        }
        List<RouteView> applied = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ChangeResult> result : threads.invokeAll(writers)) {
                applied.add(((ChangeResult.Applied) result.get()).route());
            }
        }
        applied.sort((one, other) -> Long.compare(one.version(), other.version()));
        assertThat(applied).extracting(RouteView::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
        RouteView last = applied.getLast();
        assertThat(seen(last.name())).as("the last one wins").isEqualTo(last);
        List<RouteView> before = controller.routes(WINDOW);
        controller = started("shop", "search");
        assertThat(controller.routes(WINDOW)).as("the journal tells the same history").isEqualTo(before);
    }

    @Test
    void ofFiftyWritersWithTheSameConditionOneGetsThrough() throws InterruptedException, ExecutionException {
        List<Callable<ChangeResult>> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Share share = new Share(i);
            writers.add(() -> controller.setSplit("shop", share, ifVersion(0)));
        }
        int applied = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<ChangeResult> result : threads.invokeAll(writers)) {
                applied += result.get() instanceof ChangeResult.Applied ? 1 : 0;
            }
        }
        assertThat(applied).isEqualTo(1);
    }

    @Test
    void whatCannotBeMadeDurableHasNoEffect() throws IOException {
        controller.setSplit("shop", TEN, because("a"));
        List<RouteView> before = controller.routes(WINDOW);
        rig.close();
        assertThat(controller.setSplit("shop", Share.ALL, because("b")))
                .isInstanceOf(ChangeResult.NotDurable.class);
        assertThat(controller.routes(WINDOW)).isEqualTo(before);
        assertThat(controller.current().version()).isEqualTo(1);
    }

    @Test
    void aSnapshotThatWasReadDoesNotChange() {
        var before = controller.current();
        controller.setSplit("shop", TEN, because("a"));
        assertThat(Objects.requireNonNull(before.route("shop")).split().green())
                .as("a request in flight keeps what it read")
                .isEqualTo(FIVE);
    }
}
