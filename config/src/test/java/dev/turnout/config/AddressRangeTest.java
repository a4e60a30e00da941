package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.0/8,127.255.255.255", "10.1.2.0/23,10.1.3.255", "0.0.0.0/0,203.0.113.9",
        "192.0.2.7,192.0.2.7", "192.0.2.7/32,192.0.2.7", "10.1.2.3/8,10.9.9.9", "10.128.0.0/9,10.255.0.0",
        "::1/128,::1", "::1,0:0:0:0:0:0:0:1", "2001:db8::/32,2001:db8:ffff::1",
        "2001:db8::ffff/33,2001:db8:7fff::",
        "::/0,2001:db8::1"})
    void holdsTheAddressesWithItsPrefix(String range, String address) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.0/8,128.0.0.0", "127.0.0.0/8,126.255.255.255", "10.1.2.0/23,10.1.4.0",
        "10.128.0.0/9,10.127.255.255", "192.0.2.7,192.0.2.6", "::1,::2", "2001:db8::/33,2001:db8:8000::",
        "0.0.0.0/0,::1", "::/0,127.0.0.1"})
    void holdsNoOthers(String range, String address) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address))).isFalse();
    }

    @Test
    void anIpv4AddressInTheFormOfIpv6IsOneOfIpv4() throws UnknownHostException {
        InetAddress mapped = Inet6Address.getByAddress(null,
                new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3}, -1);

        assertThat(mapped).isInstanceOf(Inet6Address.class);
        assertThat(AddressRange.parse("10.0.0.0/8").contains(mapped)).isTrue();
        assertThat(AddressRange.parse("::/0").contains(mapped)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3/8,10.0.0.0/8", "10.0.0.1,10.0.0.1/32", "2001:db8::1/32,2001:db8:0:0:0:0:0:0/32"})
    void theBitsBehindThePrefixDoNotCount(String written, String meant) {
        assertThat(AddressRange.parse(written)).isEqualTo(AddressRange.parse(meant)).hasToString(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0/8",
        "10",
        "10.0.0.256/8", "::1/129", "::g", ":::", "::ffff:10.0.0.0/104", "::ffff:10.0.0.0/8", "fe80::1%1",
        "[::1]",
        "localhost", " 10.0.0.0/8"})
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }
}
