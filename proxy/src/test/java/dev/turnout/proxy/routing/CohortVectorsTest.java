package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/cohorts.md} promises to applications, read from there. */
class CohortVectorsTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("turnout.root", ".."), "docs",
            "cohorts.md");

    /** One row. The sides stand under the shares of the table's head. */
    record Vector(String salt, String key, long hash, int bucket, List<Share> shares, List<Target> sides) {}

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        List<Share> shares = List.of();
        for (String line : Files.readAllLines(DOCUMENT)) {
            String[] cells = line.split("\\s*\\|\\s*", -1);
            if (line.startsWith("| salt |")) {
                shares = List.of(cells).subList(5, 10).stream().map(Share::ofPercent).toList();
            } else if (line.startsWith("| `") && cells.length > 10) {
                vectors.add(
                        new Vector(code(cells[1]), code(cells[2]), Long.parseUnsignedLong(code(cells[3]), 16),
                                Integer.parseInt(cells[4]), shares,
                                List.of(cells).subList(5, 10).stream()
                                        .map(side -> side.equals("green") ? Target.GREEN : Target.BLUE)
                                        .toList()));
            }
        }
        return vectors;
    }

    /** The rows of the table of addresses: as one may write it, and as it is hashed. */
    static List<Arguments> addresses() throws IOException {
        return Files.readAllLines(DOCUMENT).stream().dropWhile(line -> !line.startsWith("| address |"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\s*\\|\\s*", -1))
                .map(cells -> Arguments.of(code(cells[1]), code(cells[2])))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void writesAddressesAsDocumented(String address, String key) {
        assertThat(AddressTextTest.text(InetAddress.ofLiteral(address).getAddress())).isEqualTo(key);
    }

    private static String code(String cell) {
        return cell.substring(1, cell.length() - 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hashesAsDocumented(Vector vector) {
        byte[] salted = bytes(vector.salt + '\u001F' + vector.key);
        assertThat(Xxh64.hash(salted, salted.length)).isEqualTo(vector.hash);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void placesAsDocumented(Vector vector) {
        assertThat(Cohort.bucket(vector.hash)).isEqualTo(vector.bucket);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void choosesTheDocumentedSides(Vector vector) {
        assertThat(vector.shares.stream()
                .map(share -> Cohort.side(bytes(vector.salt), bytes(vector.key), share)))
                .containsExactlyElementsOf(vector.sides);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decidesRequestsAsDocumented(Vector vector) {
        List<Target> decided = new ArrayList<>();
        for (Share share : vector.shares) {
            Split split = Routing.split(share, vector.salt, List.of(), List.of(), Routing.header("X-User"));
            decided.add(Routing.decide(split, new FakeFacts().header("x-user", vector.key)).target());
        }
        assertThat(decided).as("an application that predicts its side must meet its data there")
                .isEqualTo(vector.sides);
    }

    @Test
    void coversTheCornersOfTheRule() throws IOException {
        List<Vector> vectors = vectors();
        assertThat(vectors).hasSizeGreaterThan(15)
                .anyMatch(vector -> vector.hash < 0)
                .anyMatch(vector -> vector.bucket == 0)
                .anyMatch(vector -> vector.bucket == Share.WHOLE_PPM - 1)
                .anyMatch(vector -> bytes(vector.key).length > vector.key.length())
                .anyMatch(vector -> bytes(vector.key).length == 1)
                .anyMatch(vector -> bytes(vector.key).length >= 32)
                .allMatch(vector -> vector.shares.stream().map(Share::ppm).toList()
                        .equals(List.of(0, 1, 500_000, 999_999, 1_000_000)));
    }
}
