package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "192.0.2.255", "2001:db8::1"})
    void needsNoResolverForALiteral(String host) {
        assertThat(new Endpoint(new Address(host, 80)).socketAddress().isUnresolved()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "example.com", "1.2.3"})
    void leavesANameToTheResolver(String host) {
        assertThat(new Endpoint(new Address(host, 80)).socketAddress().isUnresolved())
                .as("the JDK's look-up would block an event loop")
                .isTrue();
    }

    @Test
    void countsAsReachableBeforeTheFirstTry() {
        assertThat(new Endpoint(new Address("127.0.0.1", 80)).reachable()).isTrue();
    }
}
