package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
    private static final Pattern ZEROS = Pattern.compile("\\b0(:0)+\\b");

    static String text(byte[] address) {
        byte[] scratch = new byte[AddressText.LONGEST + address.length];
        System.arraycopy(address, 0, scratch, AddressText.LONGEST, address.length);
        int length = AddressText.write(scratch, AddressText.LONGEST, address.length, 0);
        return new String(scratch, 0, length, StandardCharsets.US_ASCII);
    }

    /** The examples of RFC 5952 4, and corners of it. */
    @ParameterizedTest
    @CsvSource({"2001:0db8::0001,2001:db8::1", "2001:db8:0:0:0:0:2:1,2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1", "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1", "2001:DB8:A:B:C:D:E:F,2001:db8:a:b:c:d:e:f",
        "0:0:0:0:0:0:0:0,::",
        "0:0:0:0:0:0:0:1,::1", "1:0:0:0:0:0:0:0,1::", "1:2:3:4:5:6:0:0,1:2:3:4:5:6::",
        "0:2:3:4:5:6:7:0,0:2:3:4:5:6:7:0",
        "0:0:3:4:5:6:7:8,::3:4:5:6:7:8", "64:ff9b::192.0.2.33,64:ff9b::c000:221", "0.0.0.0,0.0.0.0",
        "255.255.255.255,255.255.255.255", "10.20.3.100,10.20.3.100"})
    void writesAsDocumented(String address, String text) {
        assertThat(text(InetAddress.ofLiteral(address).getAddress())).isEqualTo(text);
    }

    @Test
    void theLongestTextFits() {
        byte[] address = new byte[16];
        Arrays.fill(address, (byte) -1);
        assertThat(text(address)).hasSize(AddressText.LONGEST);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void agreesWithJavasTextOnceItsZerosAreFolded(long seed) throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] address = new byte[random.nextInt(4) == 0 ? 4 : 16];
            for (int at = 0; at < address.length; at++) {
                address[at] = (byte) (random.nextInt(3) > 0 ? 0 : random.nextInt(256));
            }
            assertThat(text(address)).as("seed %s: %s", seed, Arrays.toString(address))
                    .isEqualTo(folded(javasText(address)));
        }
    }

    private static String javasText(byte[] address) throws UnknownHostException {
        return address.length == 4
                ? InetAddress.getByAddress(address).getHostAddress()
                : Inet6Address.getByAddress(null, address, -1).getHostAddress();
    }

    private static String folded(String text) {
        return ZEROS.matcher(text).results()
                .max(Comparator.<MatchResult>comparingInt(run -> run.end() - run.start())
                        .thenComparing(MatchResult::start, Comparator.reverseOrder()))
                .map(run -> text.substring(0, run.start()).replaceAll(":$", "") + "::"
                        + text.substring(run.end()).replaceAll("^:", ""))
                .orElse(text);
    }
}
