package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.EndpointKey;
import dev.turnout.admin.RouteView;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The file under what operators decided, when it is read again. */
class ReplacedFileTest {
    private static final ChangeContext ANN = new ChangeContext("ann", Optional.of("try"),
            OptionalLong.empty(), Optional.empty());

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        controller = rig.start(rig.file(route("shop", "5%", "a:1")));
    }

    private static String route(String name, String green, String blue) {
        return "turnout.routes." + name + " { protocol = http, listen = \"127.0.0.1:0\", blue.endpoints = [\""
                + blue + "\"], green.endpoints = [\"g:1\"], split.green = " + green + " }\n";
    }

    private FileResult replace(String file) throws IOException {
        return controller.replaceFile(rig.file(file), "bob");
    }

    private RouteView seen(String name) {
        return controller.route(name, Duration.ofMinutes(1)).orElseThrow();
    }

    @Test
    void theSameFileChangesNothing() throws IOException {
        assertThat(replace(route("shop", "5%", "a:1"))).isEqualTo(new FileResult(List.of(), List.of(), 0));
        assertThat(rig.journal().size()).isZero();
    }

    @Test
    void anotherWeightTakesEffect() throws IOException {
        assertThat(replace(route("shop", "20%", "a:1")).changes())
                .containsExactly("route shop: split.green: 5% -> 20%");
        assertThat(seen("shop").split().green()).isEqualTo(Share.ofPercent("20"));
    }

    @Test
    void onlyWhatChangesGetsAVersion() throws IOException {
        controller.setSplit("shop", Share.ALL, ANN);
        replace(route("shop", "5%", "a:1") + route("cart", "1%", "b:1"));
        assertThat(List.of(seen("shop").version(), seen("cart").version(), controller.current().version()))
                .containsExactly(1L, 2L, 2L);
    }

    @Test
    void anAddedRouteIsThereWithItsEndpoints() throws IOException {
        assertThat(replace(route("shop", "5%", "a:1") + route("cart", "1%", "b:1")).changes())
                .containsExactly("route cart: added");
        assertThat(rig.traffic.told).containsEntry("cart blue", "{b:1=ACTIVE}");
        assertThat(controller.current().route("cart")).isNotNull();
    }

    @Test
    void aRemovedRouteIsGone() throws IOException {
        assertThat(replace(route("cart", "1%", "b:1")).changes())
                .containsExactly("route cart: added", "route shop: removed");
        assertThat(controller.route("shop", Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void otherEndpointsAreTold() throws IOException {
        replace(route("shop", "5%", "c:1"));
        assertThat(rig.traffic.told).containsEntry("shop blue", "{c:1=ACTIVE}");
    }

    @Test
    void whatAnOperatorSetHoldsOverAnotherFileAndThatIsReported() throws IOException {
        controller.setSplit("shop", Share.ALL, ANN);
        assertThat(replace(route("shop", "20%", "a:1")).overridden()).containsExactly(
                "route shop: split.green 5% -> 20% in the file, but ann set 100% at run time (version 1), which"
                        + " holds until it is reset");
        assertThat(seen("shop").split()).extracting(RouteView.Split::green, RouteView.Split::file,
                RouteView.Split::fileThen)
                .containsExactly(Share.ALL, Share.ofPercent("20"), Optional.of(Share.ofPercent("5")));
    }

    @Test
    void thatTheFileChangedUnderAnOperatorIsSeenAfterARestartToo() throws IOException {
        controller.setSplit("shop", Share.ALL, ANN);
        controller = rig.start(rig.file(route("shop", "20%", "a:1")));
        assertThat(seen("shop").split().fileThen()).isEqualTo(Optional.of(Share.ofPercent("5")));
    }

    @Test
    void aResetTakesTheFileAsItIsNow() throws IOException {
        controller.setSplit("shop", Share.ALL, ANN);
        replace(route("shop", "20%", "a:1"));
        controller.resetSplit("shop", ANN);
        assertThat(seen("shop").split()).extracting(RouteView.Split::green, RouteView.Split::fileThen)
                .containsExactly(Share.ofPercent("20"), Optional.empty());
    }

    @Test
    void anEndpointThatAnOperatorMadeOtherwiseIsReported() throws IOException {
        controller.setEndpoint(new EndpointKey("shop", Target.BLUE, new Address("c", 1)),
                EndpointState.ACTIVE, ANN);
        assertThat(replace(route("shop", "5%", "c:1")).overridden()).singleElement().asString()
                .contains("endpoint c:1 of blue is new in the file").contains("ann made it active");
    }

    @Test
    void versionsGoOnCountingAfterARestart() throws IOException {
        replace(route("shop", "20%", "a:1"));
        controller = rig.start(rig.file(route("shop", "20%", "a:1")));
        controller.setSplit("shop", Share.ALL, ANN);
        assertThat(seen("shop").version()).as("a version that comes twice lets a stale If-Match pass")
                .isEqualTo(2);
    }

    @Test
    void aFileThatLeavesASideWithoutAnActiveEndpointIsRefused() throws IOException {
        controller = rig.start(rig.file(route("shop", "5%", "a:1\", \"b:1")));
        controller.setEndpoint(new EndpointKey("shop", Target.BLUE, new Address("a", 1)),
                EndpointState.DRAINED, ANN);
        assertThatIOException().isThrownBy(() -> replace(route("shop", "20%", "a:1")))
                .withMessageStartingWith("route shop: blue would be left without an active endpoint");
        assertThat(seen("shop").split().file()).isEqualTo(Share.ofPercent("5"));
    }

    @Test
    void whatHoldsAgainForARouteThatComesBackIsReported() throws IOException {
        controller.setSplit("shop", Share.ALL, ANN);
        replace(route("cart", "1%", "b:1"));
        assertThat(replace(route("shop", "5%", "a:1")).overridden()).containsExactly(
                "route shop: ann set green 100% at run time (version 1), which holds again");
    }

    @Test
    void aRemovalKeepsItsVersion() throws IOException {
        replace(route("shop", "5%", "a:1") + route("cart", "1%", "b:1"));
        replace(route("shop", "5%", "a:1"));
        controller = rig.start(rig.file(route("shop", "5%", "a:1")));
        assertThat(controller.current().version()).isEqualTo(2);
    }

    @Test
    void aRouteThatLeftIsStillDecidedUntilTheTrafficKnows() throws IOException {
        replace(route("cart", "1%", "b:1"));
        controller.setSplit("cart", Share.ALL, ANN);
        assertThat(controller.current().route("shop")).isNotNull();
        replace(route("cart", "2%", "b:1"));
        assertThat(controller.current().route("shop")).isNull();
    }

    @Test
    void isAuditedWithWhatItChanged() throws IOException {
        replace(route("shop", "20%", "a:1"));
        assertThat(rig.audited()).singleElement().satisfies(entry -> {
            assertThat(entry.actor()).isEqualTo("bob");
            assertThat(entry.action()).isEqualTo("reload");
            assertThat(entry.after()).isEqualTo("route shop: split.green: 5% -> 20%");
        });
    }
}
