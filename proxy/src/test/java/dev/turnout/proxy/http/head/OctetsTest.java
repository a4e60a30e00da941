package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OctetsTest {
    static Stream<Arguments> kinds() {
        return Stream.of(Arguments.of(Octets.TOKEN, matching("[A-Za-z0-9!#$%&'*+.^_`|~-]")),
                Arguments.of(Octets.VALUE, matching("[\\t\\x20-\\x7E\\x80-\\xFF]")),
                Arguments.of(Octets.TARGET, matching("[\\x21\\x24-\\x3B\\x3D\\x3F-\\x7E]")),
                Arguments.of(Octets.AUTHORITY, matching("[A-Za-z0-9._~%!$&'()*+,;=:\\[\\]-]")),
                Arguments.of(Octets.DIGIT, matching("[0-9]")),
                Arguments.of(Octets.UNDERSCORE, matching("_")));
    }

    private static IntPredicate matching(String pattern) {
        return octet -> String.valueOf((char) octet).matches(pattern);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void knowsEachOfThe256(int kind, IntPredicate belongs) {
        assertThat(IntStream.range(0, 256).filter(octet -> (Octets.kinds((byte) octet) & kind) != 0))
                .containsExactlyElementsOf(IntStream.range(0, 256).filter(belongs).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void judgesEightBytesAtOnceAsOneByOneWhereverTheOddOneStands(int place) {
        for (long filler : new long[]{' ', 'a', '~', 0x80, 0xFF}) {
            for (int octet = 0; octet < 256; octet++) {
                long others = filler * 0x0101_0101_0101_0101L & ~(0xFFL << (place * 8));
                boolean plain = (Octets.kinds((byte) octet) & Octets.VALUE) != 0 && octet != '\t';
                assertThat(Octets.plainValue(others | (long) octet << (place * 8)))
                        .as("%s among %s", octet, filler)
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void lowersLettersAndNothingElse() {
        assertThat(IntStream.range(0, 256).map(octet -> Octets.lower((byte) octet) & 0xFF))
                .containsExactlyElementsOf(IntStream.range(0, 256)
                        .map(octet -> octet >= 'A' && octet <= 'Z' ? octet + 32 : octet).boxed().toList());
    }
}
