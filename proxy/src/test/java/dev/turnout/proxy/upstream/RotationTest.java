package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RotationTest {
    private long nanos = Long.MAX_VALUE - 1;
    private final Endpoint one = endpoint(1);
    private final Endpoint two = endpoint(2);
    private final Endpoint three = endpoint(3);
    private final Rotation rotation = new Rotation(List.of(one, two, three));

    private Endpoint endpoint(int port) {
        return new Endpoint(new Address("127.0.0.1", port), () -> nanos);
    }

    private List<Endpoint> next(int times) {
        return Stream.generate(rotation::next).limit(times).toList();
    }

    @Test
    void takesTheEndpointsInTurn() {
        assertThat(next(5)).containsExactly(one, two, three, one, two);
    }

    @Test
    void takesTheOnlyOneAgainAndAgain() {
        Rotation alone = new Rotation(List.of(one));
        assertThat(List.of(alone.next(), alone.next())).containsExactly(one, one);
    }

    @Test
    void passesOverOneThatCouldNotBeReached() {
        two.reachable(false);
        assertThat(next(4)).containsExactly(one, three, one, three);
    }

    @Test
    void takesOneBackThatCanBeReachedAgain() {
        two.reachable(false);
        next(2);
        two.reachable(true);
        assertThat(next(3)).containsExactlyInAnyOrder(one, two, three);
    }

    @Test
    void givesOneThatCouldNotBeReachedATryNowAndThen() {
        two.reachable(false);
        nanos += Endpoint.RETRY_NANOS;
        assertThat(next(6)).as("one request finds out whether it is back, the others do not wait for it")
                .containsExactly(one, two, three, one, three, one);
    }

    @Test
    void leavesOneThatFailedAgainAloneForAsLongAgain() {
        two.reachable(false);
        nanos += Endpoint.RETRY_NANOS;
        next(3);
        two.reachable(false);
        nanos += Endpoint.RETRY_NANOS - 1;
        assertThat(next(4)).doesNotContain(two);
    }

    @Test
    void triesEachInTurnWhenNoneCouldBeReached() {
        List.of(one, two, three).forEach(endpoint -> endpoint.reachable(false));
        assertThat(next(3)).as("a request that is not tried is lost for certain")
                .containsExactlyInAnyOrder(one, two, three);
    }

    @Test
    void knowsHowManyThereAreToTry() {
        two.reachable(false);
        assertThat(rotation.size()).isEqualTo(3);
    }
}
