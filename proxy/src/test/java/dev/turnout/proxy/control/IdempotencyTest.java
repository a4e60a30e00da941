package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.ChangeContext.IdempotencyKey;
import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.ChangeResult.Applied;
import dev.turnout.admin.EndpointKey;
import dev.turnout.config.Address;
import dev.turnout.config.EndpointState;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same request, sent again. */
class IdempotencyTest {
    private static final String FILE = "turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", "
            + "blue.endpoints = [\"b:1\", \"c:1\"], green.endpoints = [\"g:1\"], split.green = 5% }";
    private static final EndpointKey ENDPOINT = new EndpointKey("shop", Target.BLUE, new Address("c", 1));

    @RegisterExtension
    private final ControlRig rig = new ControlRig();
    @SuppressWarnings("NullAway.Init") // by start()
    private RouteController controller;

    @BeforeEach
    void start() throws IOException {
        controller = rig.start(rig.file(FILE));
    }

    private static ChangeContext keyed(String actor, String key, String request) {
        return new ChangeContext(actor, Optional.empty(), OptionalLong.empty(),
                Optional.of(new IdempotencyKey(key, request)));
    }

    private static ChangeContext keyed(String key) {
        return keyed("ann", key, "a request");
    }

    private ChangeResult set(String percent, ChangeContext context) {
        return controller.setSplit("shop", Share.ofPercent(percent), context);
    }

    private static boolean replayed(ChangeResult result) {
        return ((Applied) result).replayed();
    }

    private Share green() {
        return controller.route("shop", Duration.ofMinutes(1)).orElseThrow().split().green();
    }

    @Test
    void actsOnce() {
        assertThat(replayed(set("10", keyed("k")))).isFalse();
        set("20", keyed("other"));
        assertThat(replayed(set("10", keyed("k")))).isTrue();
        assertThat(green()).isEqualTo(Share.ofPercent("20"));
        assertThat(controller.current().version()).isEqualTo(2);
    }

    @Test
    void actsOnceAlsoAcrossARestart() throws IOException {
        set("10", keyed("k"));
        set("20", keyed("other"));
        controller = rig.start(rig.file(FILE));
        assertThat(replayed(set("10", keyed("k")))).isTrue();
        assertThat(green()).isEqualTo(Share.ofPercent("20"));
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        set("10", keyed("k"));
        assertThat(set("30", keyed("ann", "k", "another request")))
                .isEqualTo(new ChangeResult.KeyReused("k"));
        assertThat(green()).isEqualTo(Share.ofPercent("10"));
    }

    @Test
    void keysAreEachActorsOwn() {
        set("10", keyed("k"));
        assertThat(replayed(set("30", keyed("bob", "k", "another request")))).isFalse();
    }

    @Test
    void isForgottenAfterADay() {
        set("10", keyed("k"));
        set("20", keyed("other"));
        rig.now = rig.now.plus(Idempotency.KEPT).plusSeconds(1);
        assertThat(replayed(set("10", keyed("k")))).isFalse();
        assertThat(green()).isEqualTo(Share.ofPercent("10"));
    }

    @Test
    void comesBeforeTheCondition() {
        ChangeContext first = new ChangeContext("ann", Optional.empty(), OptionalLong.of(0),
                Optional.of(new IdempotencyKey("k", "a request")));
        set("10", first);
        assertThat(replayed(set("10", first))).as("its own first time made the version stale").isTrue();
    }

    @Test
    void whatWasRefusedMayBeTriedAgain() {
        ChangeContext late = new ChangeContext("ann", Optional.empty(), OptionalLong.of(7),
                Optional.of(new IdempotencyKey("k", "a request")));
        assertThat(set("10", late)).isInstanceOf(ChangeResult.Stale.class);
        assertThat(replayed(set("10", keyed("k")))).isFalse();
    }

    @Test
    void whatHadNothingToChangeHasNoEffectLater() throws IOException {
        controller.setEndpoint(ENDPOINT, EndpointState.ACTIVE, keyed("k"));
        controller.setEndpoint(ENDPOINT, EndpointState.DRAINED, keyed("drain"));
        assertThat(replayed(controller.setEndpoint(ENDPOINT, EndpointState.ACTIVE, keyed("k")))).isTrue();
        controller = rig.start(rig.file(FILE));
        assertThat(replayed(controller.setEndpoint(ENDPOINT, EndpointState.ACTIVE, keyed("k")))).isTrue();
        assertThat(rig.traffic.told).containsEntry("shop blue", "{b:1=ACTIVE, c:1=DRAINED}");
    }

    @Test
    void compactionKeepsKeysWithoutBringingTheirChangesBack() throws IOException {
        set("10", keyed("k"));
        controller.resetSplit("shop", keyed("reset"));
        String reason = "x".repeat(16_000);
        long largest = 0;
        while (rig.journal().size() >= largest) {
            largest = rig.journal().size();
            controller.setEndpoint(ENDPOINT, largest % 2 == 0 ? EndpointState.DRAINED : EndpointState.ACTIVE,
                    new ChangeContext("ann", Optional.of(reason + largest), OptionalLong.empty(),
                            Optional.empty()));
            controller.setEndpoint(ENDPOINT, EndpointState.DRAINED, new ChangeContext("ann",
                    Optional.of(reason), OptionalLong.empty(), Optional.empty()));
            controller.setEndpoint(ENDPOINT, EndpointState.ACTIVE, new ChangeContext("ann",
                    Optional.of(reason), OptionalLong.empty(), Optional.empty()));
        }
        controller = rig.start(rig.file(FILE));
        assertThat(green()).isEqualTo(Share.ofPercent("5"));
        assertThat(replayed(set("10", keyed("k")))).isTrue();
        assertThat(green()).isEqualTo(Share.ofPercent("5"));
    }

    @Test
    void moreThanTheMostForgetTheOldest() {
        Idempotency keys = new Idempotency();
        for (int i = 0; i <= Idempotency.MOST; i++) {
            keys.add(new Repetition(Stamp.of(keyed("k" + i), 1, rig.now)));
        }
        assertThat(keys.find("ann", "k0", rig.now)).isEmpty();
        assertThat(keys.find("ann", "k1", rig.now)).isPresent();
    }
}
