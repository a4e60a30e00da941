package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.HealthConfig.Check;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndpointLogTest {
    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String NAME = "shop.example";

    @Test
    void tellsOfOneThatCannotBeReachedOnceAndThatItIsBack() {
        Side side = Side.of(A);
        side.eject(A);
        side.eject(A);
        side.at(A).succeeded();
        side.at(A).succeeded();
        assertThat(side.events).containsExactly("blue 10.0.0.1:80 lost: connection refused",
                "blue 10.0.0.1:80 back: it has answered");
    }

    @Test
    void tellsForHowLongOneIsEjectedAndWhy() {
        Side side = Side.of(A, B);
        side.fail(A, Side.FAILURES);
        side.advance(Duration.ofSeconds(12));
        side.chosen(1);
        side.at(A).failed();
        side.advance(Duration.ofSeconds(23));
        side.chosen(1);
        side.at(A).succeeded();
        assertThat(side.events).satisfiesExactly(
                event -> assertThat(event)
                        .isEqualTo("blue 10.0.0.1:80 out for 10 s: too many failures in a row (3)"),
                event -> assertThat(event)
                        .matches("blue 10\\.0\\.0\\.1:80 out for 2[01] s: it was tried and failed again"),
                event -> assertThat(event).isEqualTo("blue 10.0.0.1:80 back: it has answered"));
    }

    @Test
    void tellsOfShortTimesInMilliseconds() {
        Side side = Side.of(A, B);
        side.follow(
                Side.health(Check.NONE, 2, 3, Duration.ZERO, Side.eject(1, Duration.ofMillis(500), "50%")));
        side.eject(A);
        assertThat(side.events).singleElement().asString()
                .matches("blue 10\\.0\\.0\\.1:80 out for 5\\d\\d ms: connection refused");
    }

    @Test
    void tellsWhatChecksHaveSeen() {
        Side side = new Side(Check.HTTP, "50%", Duration.ZERO).with(A);
        side.check(A, false);
        side.check(A, true);
        side.check(A, true);
        assertThat(side.events).containsExactly("blue 10.0.0.1:80 lost: status 500",
                "blue 10.0.0.1:80 back: status 200");
    }

    @Test
    void tellsOfOneThatCannotBeSpared() {
        Side side = Side.of(A, B);
        side.eject(A);
        side.drain(B, true);
        assertThat(side.events).last().isEqualTo("blue 10.0.0.1:80 back: it cannot be spared");
    }

    @Test
    void tellsWhereANameHasMovedTo() {
        Side side = Side.of(NAME);
        side.resolve(NAME, A);
        assertThat(side.events).as("the first answer is no news").isEmpty();
        side.resolve(NAME, A, B);
        assertThat(side.events).containsExactly("blue name shop.example:80 resolves to 10.0.0.1, 10.0.0.2");
    }

    @Test
    void tellsNothingOfWhatIsRemoved() {
        Side side = Side.of(A, B);
        Endpoint goes = side.at(A);
        side.eject(A);
        side.advance(Duration.ofSeconds(12));
        side.chosen(1);
        side.remove(A);
        side.events.clear();
        goes.succeeded();
        goes.connectFailed("connection refused");
        assertThat(side.events).isEmpty();
    }
}
