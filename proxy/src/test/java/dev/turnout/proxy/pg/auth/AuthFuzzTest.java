package dev.turnout.proxy.pg.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Garbage for both ends of SCRAM and for startup parameters. Normally over the seeds and what a seeded generator makes of
 * them; with {@code JAZZER_FUZZ=1} in the environment over what Jazzer makes of them.
 */
class AuthFuzzTest {
    /** The first byte of an input says who reads the rest. */
    private static final int KINDS = 5;
    private static final int MUTATIONS = 300;
    private static final int SERVER_FIRST = 0;
    private static final int SERVER_FINAL = 1;
    private static final int CLIENT_NEXT = 2;
    private static final int CLIENT_LAST = 3;

    static List<byte[]> seeds() throws AuthException {
        ScramServer server = server();
        ScramClient client = Exchange.client(Exchange.RIGHT);
        byte[] first = client.first();
        byte[] serverFirst = server.clientFirst(client.mechanism(), first);
        byte[] last = client.next(serverFirst);
        byte[] serverFinal = server.clientFinal(last);
        return List.of(seed(SERVER_FIRST, first), seed(SERVER_FINAL, last), seed(CLIENT_NEXT, serverFirst),
                seed(CLIENT_LAST, serverFinal), seed(CLIENT_LAST, "e=invalid-proof".getBytes(ISO_8859_1)),
                seed(4, "-c turnout.x=1 -ec a.b=\\\\x\\ y --turnout.y=2 --a-c=d -- -c x=1"
                        .getBytes(ISO_8859_1)),
                seed(4, "-S 1 -tpa -e\\c turnout.x=1\t-c\n a.b=\\".getBytes(ISO_8859_1)));
    }

    private static byte[] seed(int kind, byte[] message) {
        byte[] seed = new byte[message.length + 1];
        seed[0] = (byte) kind;
        System.arraycopy(message, 0, seed, 1, message.length);
        return seed;
    }

    private static ScramServer server() {
        return new ScramServer(Exchange.VERIFIER, null, "server");
    }

    static Stream<Long> generatorSeeds() {
        return IntStream.range(0, 5).mapToObj(i -> 20261120L + i);
    }

    @ParameterizedTest
    @MethodSource("generatorSeeds")
    void whatAGeneratorMakesOfTheSeedsHarmsNobody(long generatorSeed) throws AuthException {
        RandomGenerator random = new Random(generatorSeed);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < MUTATIONS; i++) {
            harmsNobody(mutated(seeds.get(random.nextInt(seeds.size())), random));
        }
    }

    private static byte[] mutated(byte[] seed, RandomGenerator random) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : seed) {
            bytes.add(b);
        }
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = 1 + random.nextInt(bytes.size());
            byte any = (byte) (random.nextBoolean()
                    ? "-c=,\\ emnrspv".charAt(random.nextInt(13))
                    : random.nextInt(256));
            switch (random.nextInt(3)) {
                case 0 -> bytes.add(at, any);
                case 1 -> bytes.subList(at, Math.min(bytes.size(), at + 1 + random.nextInt(4))).clear();
                default -> {
                    if (at < bytes.size()) {
                        bytes.set(at, any);
                    }
                }
            }
        }
        byte[] result = new byte[bytes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i);
        }
        return result;
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void harmsNobody(byte[] input) throws AuthException {
        if (input.length == 0) {
            return;
        }
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        switch ((input[0] & 0xFF) % KINDS) {
            case SERVER_FIRST -> serverFirst(message);
            case SERVER_FINAL -> serverFinal(message);
            case CLIENT_NEXT -> clientNext(message);
            case CLIENT_LAST -> clientLast(message);
            default -> options(new String(message, ISO_8859_1));
        }
    }

    /** Whatever the first message was, the proof for another one does not count. */
    private static void serverFirst(byte[] message) throws AuthException {
        ScramServer server = server();
        ScramClient client = Exchange.client(Exchange.RIGHT);
        byte[] right = client.first();
        byte[] last = client.next(server().clientFirst(client.mechanism(), right));
        boolean same = Arrays.equals(right, message);
        boolean in = isIn(() -> {
            server.clientFirst(Scram.PLAIN, message);
            server.clientFinal(last);
        });
        assertThat(in).isEqualTo(same);
    }

    /** Only the right message lets in; and nothing, where nobody is. */
    private static void serverFinal(byte[] message) throws AuthException {
        ScramServer server = server();
        ScramClient client = Exchange.client(Exchange.RIGHT);
        byte[] first = client.first();
        byte[] right = client.next(server.clientFirst(client.mechanism(), first));
        assertThat(isIn(() -> server.clientFinal(message))).isEqualTo(Arrays.equals(right, message));
        ScramServer mock = new ScramServer(Verifier.mock("u", new byte[]{1}), null, "server");
        mock.clientFirst(Scram.PLAIN, first);
        assertThatThrownBy(() -> mock.clientFinal(message)).isInstanceOf(AuthException.class);
    }

    private static void clientNext(byte[] message) throws AuthException {
        if (new String(message, ISO_8859_1).matches("(?s).*i=[0-9]{4,}.*")) {
            // Would only keep the machine busy.
            return;
        }
        ScramServer server = server();
        ScramClient client = Exchange.client(Exchange.RIGHT);
        byte[] right = server.clientFirst(client.mechanism(), client.first());
        boolean in = isIn(() -> client.last(server.clientFinal(client.next(message))));
        assertThat(in).isEqualTo(Arrays.equals(right, message));
    }

    private static void clientLast(byte[] message) throws AuthException {
        ScramServer server = server();
        ScramClient client = Exchange.client(Exchange.RIGHT);
        String right = new String(
                server.clientFinal(client.next(server.clientFirst(client.mechanism(), client.first()))),
                ISO_8859_1);
        String text = new String(message, ISO_8859_1);
        boolean in = isIn(() -> client.last(message));
        assertThat(in ? text.equals(right) || text.startsWith(right + ",") : !text.equals(right)).isTrue();
    }

    /** What is taken out is not found any more, everything else is, and what is set counts. */
    private static void options(String options) {
        SequencedMap<String, String> packet = new LinkedHashMap<>();
        packet.put("user", "u");
        packet.put("options", options);
        assertThat(Options.without(options, _ -> false)).isEqualTo(options);
        List<Map.Entry<String, String>> others = settings(options).stream()
                .filter(setting -> !setting.getKey().startsWith("turnout."))
                .toList();
        StartupParameters parameters = StartupParameters.of(packet).withoutTurnout();
        assertThat(settings(parameters.parameters().getOrDefault("options", ""))).isEqualTo(others);
        for (var setting : settings(options)) {
            if (!setting.getKey().equals("user") && !setting.getKey().equals("options")
                    && !setting.getKey().equals("database") && !setting.getKey().equals("replication")) {
                StartupParameters with = StartupParameters.of(packet).with(setting.getKey(), "ours");
                assertThat(with.find(setting.getKey())).contains("ours");
                assertThat(settings(with.parameters().getOrDefault("options", "")))
                        .noneMatch(other -> other.getKey().equals(setting.getKey()));
            }
        }
    }

    private static List<Map.Entry<String, String>> settings(String options) {
        return Options.settings(options)
                .stream()
                .map(setting -> Map.entry(setting.name(), setting.value()))
                .toList();
    }

    private interface Attempt {
        void run() throws AuthException;
    }

    private static boolean isIn(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (AuthException _) {
            return false;
        }
    }
}
