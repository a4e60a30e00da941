package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final String A = "10.0.0.1";
    private final Side side = Side.of(A);
    private final Endpoint endpoint = side.at(A);

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "192.0.2.255", "2001:db8::1"})
    void needsNoResolverForALiteral(String host) {
        assertThat(Side.of(host).set.endpoints()).hasSize(1)
                .noneMatch(literal -> literal.socketAddress().isUnresolved());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "example.com", "1.2.3"})
    void waitsForTheResolverOfAName(String host) {
        assertThat(Side.of(host).followed).as("the JDK's look-up would block an event loop")
                .containsOnlyKeys(host);
    }

    @Test
    void isHealthyBeforeTheFirstTry() {
        assertThat(endpoint.healthy()).isTrue();
    }

    @Test
    void countsTheRequestsOfEachLoopAndOfAll() {
        endpoint.begun(0);
        endpoint.begun(1);
        endpoint.begun(1);
        endpoint.ended(0);
        assertThat(endpoint.inFlight(0)).isZero();
        assertThat(endpoint.inFlight(1)).isEqualTo(2);
        assertThat(endpoint.inFlight()).isEqualTo(2);
    }

    @Test
    void isShownAsOperatorsWroteItAndAsItWasResolved() {
        Side named = Side.of("shop.example");
        named.resolve("shop.example", A);
        assertThat(named.at(A)).hasToString("shop.example:80 (10.0.0.1)");
        assertThat(endpoint).hasToString("10.0.0.1:80");
        assertThat(side.with("::1").set.endpoints().getLast()).hasToString("[::1]:80");
    }
}
