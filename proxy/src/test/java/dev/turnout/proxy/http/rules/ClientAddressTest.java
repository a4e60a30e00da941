package dev.turnout.proxy.http.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.AddressRange;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    private static final AddressRange OURS = AddressRange.parse("10.0.0.0/8");

    /** Lines are divided by a bar. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "203.0.113.7; 203.0.113.7",
        "203.0.113.7, 10.0.0.2; 203.0.113.7",
        "198.51.100.1, 203.0.113.7, 10.0.0.2; 203.0.113.7",
        "198.51.100.1|203.0.113.7, 10.0.0.2; 203.0.113.7",
        "198.51.100.1|10.0.0.3; 198.51.100.1",
        "203.0.113.7:4711; 203.0.113.7",
        "2001:db8::1; 2001:db8::1",
        "[2001:db8::1]:4711, 10.0.0.2; 2001:db8::1",
        "10.0.0.5, 10.0.0.2; 10.0.0.5",
        "''; 10.0.0.1",
        "unknown; 10.0.0.1",
        "203.0.113.7, unknown, 10.0.0.2; 10.0.0.2",
        "203.0.113.7,; 10.0.0.1",
        "[; 10.0.0.1",
        "203.0.113.7 , 10.0.0.2; 203.0.113.7"
    })
    void isTheLastThatIsNoneOfThoseWhoAreBelieved(String lines, String client) {
        assertThat(ClientAddress.of(lines.isEmpty() ? List.of("") : Arrays.asList(lines.split("[|]")),
                InetAddress.ofLiteral("10.0.0.1"), OURS::contains)).isEqualTo(InetAddress.ofLiteral(client));
    }
}
