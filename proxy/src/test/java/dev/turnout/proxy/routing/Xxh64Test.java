package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Xxh64Test {
    /** As xxHash's own ports publish them; the last two pass the stripe of 32 bytes. */
    @ParameterizedTest
    @CsvSource({"'',EF46DB3751D8E999", "a,D24EC4F1A98C6E5B", "as,1C330FB2D66BE179", "asd,631C37CE72A97393",
        "asdf,415872F599CEA71E", "abc,44BC2CF5AD770999", "xxhash,32DD38952C4BC720",
        "Nobody inspects the spammish repetition,FBCEA83C8A378BF1",
        "Call me Ishmael. Some years ago--never mind how long precisely-,02A2E85470D6FD96"})
    void agreesWithThePublishedVectors(String text, String hash) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(Xxh64.hash(bytes, bytes.length)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    @Test
    void agreesWithTheSpecificationWrittenInBigIntegersAtEveryLength() {
        SplittableRandom random = new SplittableRandom(64);
        for (int length = 0; length <= 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(Xxh64.hash(bytes, length)).as("%s bytes", length)
                    .isEqualTo(specified(bytes).longValue());
        }
    }

    @Test
    void hashesOnlyAsMuchAsItIsTold() {
        byte[] longer = Arrays.copyOf("abc".getBytes(StandardCharsets.US_ASCII), 64);
        assertThat(Xxh64.hash(longer, 3)).isEqualTo(0x44BC2CF5AD770999L);
    }

    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger P1 = new BigInteger("11400714785074694791");
    private static final BigInteger P2 = new BigInteger("14029467366897019727");
    private static final BigInteger P3 = new BigInteger("1609587929392839161");
    private static final BigInteger P4 = new BigInteger("9650029242287828579");
    private static final BigInteger P5 = new BigInteger("2870177450012600261");

    private static BigInteger word(BigInteger any) {
        return any.mod(WORD);
    }

    private static BigInteger rotate(BigInteger word, int bits) {
        return word(word.shiftLeft(bits)).or(word.shiftRight(64 - bits));
    }

    private static BigInteger littleEndian(byte[] bytes, int from, int length) {
        BigInteger value = BigInteger.ZERO;
        for (int i = from + length - 1; i >= from; i--) {
            value = value.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xFF));
        }
        return value;
    }

    private static BigInteger round(BigInteger lane, BigInteger input) {
        return word(rotate(word(lane.add(input.multiply(P2))), 31).multiply(P1));
    }

    private static BigInteger specified(byte[] bytes) {
        BigInteger hash = P5;
        int at = 0;
        if (bytes.length >= 32) {
            BigInteger[] lanes = {word(P1.add(P2)), P2, BigInteger.ZERO, word(P1.negate())};
            for (; at + 32 <= bytes.length; at += 32) {
                for (int lane = 0; lane < 4; lane++) {
                    lanes[lane] = round(lanes[lane], littleEndian(bytes, at + lane * 8, 8));
                }
            }
            hash = word(rotate(lanes[0], 1).add(rotate(lanes[1], 7)).add(rotate(lanes[2], 12))
                    .add(rotate(lanes[3], 18)));
            for (BigInteger lane : lanes) {
                hash = word(hash.xor(round(BigInteger.ZERO, lane)).multiply(P1).add(P4));
            }
        }
        hash = word(hash.add(BigInteger.valueOf(bytes.length)));
        for (; at + 8 <= bytes.length; at += 8) {
            hash = word(rotate(hash.xor(round(BigInteger.ZERO, littleEndian(bytes, at, 8))), 27).multiply(P1)
                    .add(P4));
        }
        if (at + 4 <= bytes.length) {
            hash = word(
                    rotate(hash.xor(word(littleEndian(bytes, at, 4).multiply(P1))), 23).multiply(P2).add(P3));
            at += 4;
        }
        for (; at < bytes.length; at++) {
            hash = word(rotate(hash.xor(word(littleEndian(bytes, at, 1).multiply(P5))), 11).multiply(P1));
        }
        hash = word(hash.xor(hash.shiftRight(33)).multiply(P2));
        hash = word(hash.xor(hash.shiftRight(29)).multiply(P3));
        return hash.xor(hash.shiftRight(32));
    }
}
