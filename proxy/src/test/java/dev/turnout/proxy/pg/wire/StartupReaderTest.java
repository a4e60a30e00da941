package dev.turnout.proxy.pg.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupReaderTest {
    private static final String SSL = "\4\322\26/";
    private static final String GSS = "\4\322\0260";
    private static final String CANCEL = "\4\322\26.";
    private static final String VERSION_3 = "\0\3\0\0";
    private static final String USER = "user\0alice\0";

    /** With its length in front. */
    static String packet(String rest) {
        int length = rest.length() + 4;
        return "\0" + (char) (length >> 16) + (char) (length >> 8 & 0xFF) + (char) (length & 0xFF) + rest;
    }

    private static @Nullable StartupRequest read(String bytes) {
        return StartupRequest.read(Bytes.buffer(bytes));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("\0\0\0\7abc", "startup packet: 7 bytes (expected: 8 to 10004)"),
                Arguments.of("\0\0\0\0", "startup packet: 0 bytes (expected: 8 to 10004)"),
                Arguments.of("\0\0\47\25", "startup packet: 10005 bytes (expected: 8 to 10004)"),
                Arguments.of("\377\377\377\377", "startup packet: -1 bytes (expected: 8 to 10004)"),
                Arguments.of("GET / HTTP/1.1\r\n", "startup packet: 1195725856 bytes (expected: 8 to 10004)"),
                Arguments.of(packet(SSL + "x"), "SSLRequest: 9 bytes (expected: 8)"),
                Arguments.of(packet(GSS + "\0"), "GSSENCRequest: 9 bytes (expected: 8)"),
                Arguments.of(packet(CANCEL + "\0\0\0\1"), "cancel key: 0 bytes (expected: 4 to 256)"),
                Arguments.of(packet(CANCEL), "cancel key: 0 bytes (expected: 4 to 256)"),
                Arguments.of(packet(CANCEL + "\0\0\0\1abc"), "cancel key: 3 bytes (expected: 4 to 256)"),
                Arguments.of(packet(CANCEL + "\0\0\0\1" + "k".repeat(257)),
                        "cancel key: 257 bytes (expected: 4 to 256)"),
                Arguments.of(packet("\0\2\0\0" + USER + "\0"),
                        "protocol version: 2.0 (expected: 3.0 to 3.2)"),
                Arguments.of(packet("\4\322\26\61"), "protocol version: 1234.5681 (expected: 3.0 to 3.2)"),
                Arguments.of(packet(VERSION_3),
                        "startup packet: its last byte is not 0 (expected: a terminator)"),
                Arguments.of(packet(VERSION_3 + USER),
                        "startup packet: its last byte is not 0 (expected: a terminator)"),
                Arguments.of(packet(VERSION_3 + "user"),
                        "startup packet: its last byte is not 0 (expected: a terminator)"),
                Arguments.of(packet(VERSION_3 + "user\0ali"),
                        "startup packet: a name without a value (expected: pairs)"),
                Arguments.of(packet(VERSION_3 + "user\0"),
                        "startup packet: a name without a value (expected: pairs)"),
                Arguments.of(packet(VERSION_3 + USER + "\0x"),
                        "startup packet: 1 bytes behind its terminator (expected: none)"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatPostgresRefusesIsRefused(String bytes, String detail) {
        assertThat(read(bytes)).isEqualTo(new StartupRequest.Malformed(detail));
    }

    @Test
    void knowsRequestsForEncryption() {
        assertThat(read(packet(SSL))).isEqualTo(new StartupRequest.Tls());
        assertThat(read(packet(GSS))).isEqualTo(new StartupRequest.Gss());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 32, 256})
    void aCancelRequestHasAKeyOfAnyLength(int keyBytes) {
        String key = "k".repeat(keyBytes);
        assertThat(read(packet(CANCEL + "\0\1\0\2" + key)))
                .isInstanceOfSatisfying(StartupRequest.Cancel.class, cancel -> {
                    assertThat(cancel.pid()).isEqualTo(65538);
                    assertThat(cancel.key()).isEqualTo(Bytes.bytes(key));
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 9999, 65535})
    void aStartMayAskForAnyMinorVersion(int minor) {
        String version = "\0\3" + (char) (minor >> 8) + (char) (minor & 0xFF);
        assertThat(read(packet(version + "\0"))).isInstanceOfSatisfying(StartupRequest.Start.class,
                start -> assertThat(start.minor()).isEqualTo(minor));
    }

    @Test
    void parametersAreInTheirOrderAndThoseOfTheProtocolApart() {
        String packet = packet(
                VERSION_3 + USER + "_pq_.one\0on\0options\0-c a=\344\0_pq_.two\0\0database\0\0user\0bob\0\0");
        assertThat(read(packet)).isInstanceOfSatisfying(StartupRequest.Start.class, start -> {
            assertThat(start.parameters()).containsExactly(Map.entry("user", "bob"),
                    Map.entry("options", "-c a=\344"),
                    Map.entry("database", ""));
            assertThat(start.unknownOptions()).containsExactly("_pq_.one", "_pq_.two");
        });
    }

    @Test
    void theLongestPacketIsThatOfPostgres() {
        String longest = packet(VERSION_3 + "user\0" + "u".repeat(10_004 - 4 - 4 - 5 - 2) + "\0\0");
        assertThat(longest).hasSize(10_004);
        assertThat(read(longest)).isInstanceOf(StartupRequest.Start.class);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void takesAPacketWhenItIsThereAsAWholeAndNothingBehindIt(String packet) {
        for (int cut = 0; cut < packet.length(); cut++) {
            ByteBuf part = Bytes.buffer(packet.substring(0, cut), 3);
            assertThat(StartupRequest.read(part)).as("cut at %s", cut).isNull();
            assertThat(part.readableBytes()).isEqualTo(cut);
        }
        ByteBuf more = Bytes.buffer(packet + "more", 3);
        assertThat(StartupRequest.read(more)).isNotNull().isNotInstanceOf(StartupRequest.Malformed.class);
        assertThat(Bytes.text(more)).isEqualTo("more");
    }

    static List<String> packets() {
        return List.of(packet(SSL), packet(GSS), packet(CANCEL + "\0\0\0\1key4"),
                packet("\0\3\0\2" + USER + "database\0shop\0_pq_.x\0on\0\0"));
    }

    @Test
    void garbageIsMalformedOrNotThereYet() {
        SplittableRandom random = new SplittableRandom(20261120);
        int malformed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 8 && random.nextBoolean()) {
                String plausible = packet(VERSION_3 + new String(bytes, StandardCharsets.ISO_8859_1));
                bytes = Bytes.bytes(plausible);
            }
            malformed += StartupRequest
                    .read(Unpooled.wrappedBuffer(bytes)) instanceof StartupRequest.Malformed ? 1 : 0;
        }
        assertThat(malformed).isBetween(5000, 20_000);
    }
}
