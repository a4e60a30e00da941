package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a hundred thousand keys: who goes to green when the share moves. */
class CohortTest {
    private static final int KEYS = 100_000;
    private static final byte[] SALT = bytes("checkout");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isGreen(byte[] salt, int key, int ppm) {
        return Cohort.side(salt, bytes("user-" + key), new Share(ppm)) == Target.GREEN;
    }

    private static long green(byte[] salt, int ppm) {
        long green = 0;
        for (int key = 0; key < KEYS; key++) {
            green += isGreen(salt, key, ppm) ? 1 : 0;
        }
        return green;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20261120})
    void raisingOnlyAddsAndLoweringOnlyRemoves(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int key = 0; key < KEYS; key++) {
            int one = random.nextInt(Share.WHOLE_PPM + 1);
            int other = random.nextInt(Share.WHOLE_PPM + 1);
            int lower = Math.min(one, other);
            int higher = Math.max(one, other);
            assertThat(isGreen(SALT, key, lower) && !isGreen(SALT, key, higher))
                    .as("user-%s, seed %s: green at %s ppm and no longer at %s", key, seed, lower, higher)
                    .isFalse();
        }
    }

    /** Five standard deviations of a binomial: an even hash leaves them once in a million runs. */
    @ParameterizedTest
    @ValueSource(ints = {100, 10_000, 50_000, 125_000, 333_333, 500_000, 900_000, 999_000})
    void greenGetsItsShareOfTheKeys(int ppm) {
        double share = ppm / 1e6;
        double deviation = Math.sqrt(KEYS * share * (1 - share));
        assertThat(green(SALT, ppm)).isCloseTo(Math.round(KEYS * share),
                within(Math.round(5 * deviation) + 1));
    }

    @Test
    void nobodyIsGreenAtNothing() {
        assertThat(green(SALT, 0)).isZero();
    }

    @Test
    void everybodyIsGreenAtAll() {
        assertThat(green(SALT, Share.WHOLE_PPM)).isEqualTo(KEYS);
    }

    @Test
    void anotherSaltDrawsOtherUsers() {
        long both = 0;
        for (int key = 0; key < KEYS; key++) {
            both += isGreen(SALT, key, 100_000) && isGreen(bytes("search"), key, 100_000) ? 1 : 0;
        }
        assertThat(both).as("a tenth of a tenth, else the same users are always first")
                .isBetween(KEYS / 100L - 200, KEYS / 100L + 200);
    }

    @Test
    void saltAndKeyDoNotRunIntoEachOther() {
        byte[] one = bytes("ab");
        byte[] other = bytes("a");
        int differ = 0;
        for (int i = 0; i < 64; i++) {
            differ += Cohort.side(one, bytes("c" + i), new Share(500_000)) == Cohort.side(other,
                    bytes("bc" + i), new Share(500_000)) ? 0 : 1;
        }
        assertThat(differ).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"0000000000000000,0", "000010c6f7a0b5ed,0", "000010c6f7a0b5ee,1", "7fffffffffffffff,499999",
        "8000000000000000,500000", "ffffef39085f4a12,999998", "ffffef39085f4a13,999999",
        "ffffffffffffffff,999999"})
    void placesAHashOfAnySign(String hash, int bucket) {
        assertThat(Cohort.bucket(Long.parseUnsignedLong(hash, 16))).isEqualTo(bucket);
    }
}
