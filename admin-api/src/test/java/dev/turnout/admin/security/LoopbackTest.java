package dev.turnout.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1",
        "localhost",
        "LocalHost"})
    void knowsWhatOnlyThisMachineReaches(String host) {
        assertThat(Loopback.contains(host)).isTrue();
        assertThat(Loopback.narrow(new Address(host, 80))).isEqualTo(new Address(host, 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.256", "127.evil.example", "::2", "xlocalhost", "fe80::1"})
    void takesNothingElseForLoopback(String host) {
        assertThat(Loopback.contains(host)).as("others could reach it").isFalse();
        assertThat(Loopback.narrow(new Address(host, 80))).isEqualTo(new Address("127.0.0.1", 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "", ":80", "evil.example:80", "localhost:80:80", "localhost:evil", "[::1",
        "::1]:80",
        "127.0.0.1@evil.example", "[127.0.0.1]evil"})
    void refusesAHostHeaderThatNamesNoLoopback(String header) {
        assertThat(Loopback.isNamedBy(header)).as("a rebound name must not pass").isFalse();
    }

    @Test
    void readsAHostHeaderWithAndWithoutAPort() {
        assertThat(Loopback.isNamedBy("localhost")).isTrue();
        assertThat(Loopback.isNamedBy("127.0.0.1:9901")).isTrue();
        assertThat(Loopback.isNamedBy("[::1]:9901")).isTrue();
    }
}
