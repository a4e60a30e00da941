package dev.turnout.proxy.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.proxy.app.pgsoak.Messages;
import dev.turnout.proxy.app.pgsoak.PgWire;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Garbage for the proxy from both sides, before, amid and behind the login: it ends every connection, keeps nothing and
 * never fails itself. Normally over the seeds and what a seeded generator makes of them; with {@code JAZZER_FUZZ=1} in
 * the environment over what Jazzer makes of them.
 */
@ExtendWith(LeakCheck.class)
class PgFuzzTest {
    /** The first byte of an input says at which point the rest is said, and by whom. */
    private static final int POINTS = 5;
    private static final int FIRST = 0;
    private static final int AS_PASSWORD = 1;
    private static final int IN_SESSION = 2;
    private static final int OF_SERVER_AT_LOGIN = 3;
    private static final int MUTATIONS = 500;
    private static final Map<String, String> LOGIN = Map.of("user", "u", "database", "d");
    /** PostgreSQL, "Message Formats": AuthenticationOk, BackendKeyData and ReadyForQuery. */
    private static final String LET_IN = "R\0\0\0\u0008\0\0\0\0K\0\0\0\u000c\0\0\0\u0007\0\0\0\u0009Z\0\0\0\u0005I";
    private static final String ROUTES = """
            turnout.routes {
              open { protocol = postgresql, listen = "127.0.0.1:0", data = shared, auth.mode = trust
                blue { endpoints = ["127.0.0.1:PORT"], tls.mode = disable }, green.endpoints = ["127.0.0.1:PORT"]
                health.eject.at-most = 0% }
              users { protocol = postgresql, listen = "127.0.0.1:0", data = shared
                auth { mode = users, users = [ { name = u, password = sesame } ] }
                blue { endpoints = ["127.0.0.1:PORT"], tls.mode = disable }, green.endpoints = ["127.0.0.1:PORT"] } }
            """;

    @TempDir
    private Path stateDir;
    private Rig rig;
    private volatile String atLogin = LET_IN;
    private volatile byte[] amid = {};
    /** The server waits for the client to end the session; else it ends it itself. */
    private volatile boolean stays;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(stateDir);
        int port = rig.closing(new RawUpstream((connection, number) -> serve(connection))).port();
        rig.startFile(ROUTES.replace("PORT", Integer.toString(port)));
        said.start();
        root.addAppender(said);
    }

    @AfterEach
    void close() throws Exception {
        try {
            await().untilAsserted(() -> {
                assertThat(rig.metric("turnout_connections{")).isZero();
                assertThat(rig.metric("turnout_pg_sessions{")).isZero();
                assertThat(rig.metric("turnout_pg_server_connections{")).isZero();
            });
            assertThat(said.list).filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                    .isEmpty();
        } finally {
            root.detachAppender(said);
            rig.close();
        }
    }

    private void serve(RawConnection connection) throws IOException {
        String head = connection.text(Integer.BYTES);
        connection.text((head.charAt(2) << 8 | head.charAt(3)) - Integer.BYTES);
        connection.send(atLogin);
        if (amid.length > 0) {
            connection.text(1);
            connection.send(amid);
        }
        if (stays) {
            connection.rest();
        }
    }

    static List<byte[]> seeds() {
        byte[] session = new Messages().query("SELECT 1").parse("a", "SELECT $1").bind("a", "x").execute(0)
                .flush()
                .sync().copyData("d").copyDone().copyFail("no").terminate().bytes();
        return List.of(seed(FIRST, Messages.startup(LOGIN)), seed(FIRST, Messages.sslRequest()),
                seed(FIRST, Messages.cancel(7, new byte[]{0, 0, 0, 9})),
                seed(AS_PASSWORD, new Messages().message('p',
                        "SCRAM-SHA-256\0\0\0\0\u0009n,,n=,r=ab".getBytes(ISO_8859_1)).bytes()),
                seed(IN_SESSION, session), seed(OF_SERVER_AT_LOGIN, LET_IN.getBytes(ISO_8859_1)),
                seed(OF_SERVER_AT_LOGIN, "R\0\0\0\u0017\0\0\0\nSCRAM-SHA-256\0\0".getBytes(ISO_8859_1)),
                seed(OF_SERVER_AT_LOGIN,
                        "S\0\0\0\u0008a\0b\0E\0\0\0\u0013SFATAL\0C57P03\0\0".getBytes(ISO_8859_1)),
                seed(4, ("T\0\0\0\4D\0\0\0\u0007abcC\0\0\0\rSELECT 1\0Z\0\0\0\5IA\0\0\0\4N\0\0\0\5\0S\0\0\0\4"
                        + "G\0\0\0\4E\0\0\0\u000eSERROR\0\0\0Z\0\0\0\5E").getBytes(ISO_8859_1)));
    }

    private static byte[] seed(int point, byte[] bytes) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(point);
        seed.writeBytes(bytes);
        return seed.toByteArray();
    }

    @Test
    void whatAGeneratorMakesOfTheSeedsHarmsNobody() throws IOException {
        RandomGenerator random = new Random(20261120);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < MUTATIONS; i++) {
            endsAll(mutated(seeds.get(random.nextInt(seeds.size())), random));
        }
    }

    private static byte[] mutated(byte[] seed, RandomGenerator random) {
        byte[] mutant = random.nextInt(4) == 0
                ? Arrays.copyOf(seed, 1 + random.nextInt(seed.length))
                : seed.clone();
        for (int changes = random.nextInt(4); changes > 0 && mutant.length > 1; changes--) {
            mutant[1 + random.nextInt(mutant.length - 1)] = (byte) (random.nextBoolean()
                    ? random.nextInt(256)
                    : random.nextInt(8));
        }
        return mutant;
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void harmsNobody(byte[] input) throws IOException {
        if (input.length > 1) {
            endsAll(input);
        }
    }

    private void endsAll(byte[] input) throws IOException {
        int point = (input[0] & 0xFF) % POINTS;
        byte[] said = Arrays.copyOfRange(input, 1, input.length);
        atLogin = point == OF_SERVER_AT_LOGIN ? new String(said, ISO_8859_1) : LET_IN;
        stays = point < OF_SERVER_AT_LOGIN;
        amid = point > OF_SERVER_AT_LOGIN ? said : new byte[0];
        try (PgWire client = PgWire.open(rig.turnout().address(point == AS_PASSWORD ? "users" : "open"),
                false)) {
            if (point != FIRST) {
                client.send(Messages.startup(LOGIN));
            }
            if (point > OF_SERVER_AT_LOGIN) {
                client.next('Z');
                client.send(new Messages().query("SELECT 1"));
            } else if (point == AS_PASSWORD) {
                client.next('R');
                client.send(said);
            } else if (point == IN_SESSION) {
                client.next('Z');
                client.send(said);
            } else if (point == FIRST) {
                client.send(said);
            }
            if (point < OF_SERVER_AT_LOGIN) {
                client.finish();
            }
            readToTheEnd(client);
        }
    }

    /** Fails when there is none. */
    private static void readToTheEnd(PgWire client) throws IOException {
        byte[] part = new byte[1000];
        try {
            while (client.read(part) >= 0) {
                assertThat(client).isNotNull();
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
