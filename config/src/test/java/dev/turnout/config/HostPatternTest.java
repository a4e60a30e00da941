package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest
    @CsvSource({"shop,shop,false", "SHOP.Example,shop.example,false", "*.Example.COM,example.com,true",
        "*.com,com,true", "10.0.0.1,10.0.0.1,false", "[2001:DB8::1],[2001:db8::1],false",
        "xn--mnchen-3ya.de,xn--mnchen-3ya.de,false", "_dmarc.a,_dmarc.a,false", "4.example,4.example,false"})
    void aNameAWildcardOrAnAddress(String text, String name, boolean wildcard) {
        assertThat(HostPattern.parse(text)).isEqualTo(new HostPattern(name, wildcard));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "*.example", "[::1]"})
    void isPrintedAsItIsWritten(String text) {
        assertThat(HostPattern.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.", "**.a", "a.*", "*.[::1]", "*.10.0.0.1", "a:80", "[::1]:80", "::1",
        "[]",
        "[10.0.0.1", "1.2.3.4.5", "256.0.0.1", "12", ".a", "a.", "a..b", "-a", "a b", "a\u0000", "a\n",
        "\u212A", "münchen.de"})
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(text));
    }
}
