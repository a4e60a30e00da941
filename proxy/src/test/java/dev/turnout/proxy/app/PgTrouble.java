package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresDatabase;
import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.app.pgsoak.Messages;
import dev.turnout.proxy.app.pgsoak.PgWire;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings about what can happen to a session; each answers the client that it happens to. One test each. */
final class PgTrouble {
    private static final String SHORT = "timeouts { connect = 300ms, authenticate = 300ms }";
    private static final String USERS = "auth { mode = users, users = [ { name = postgres, password = sesame } ] }";
    /** PostgreSQL, "Message Formats": AuthenticationOk, BackendKeyData and ReadyForQuery. */
    private static final String LET_IN = "R\0\0\0\u0008\0\0\0\0K\0\0\0\u000c\0\0\0\u0007\0\0\0\u0009Z\0\0\0\u0005I";
    private static final String ASKS_FOR_CLEARTEXT = "R\0\0\0\u0008\0\0\0\u0003";
    private static final int HEAD_BYTES = 4;
    private static final int LONG_BYTES = 20_000;
    private static final int MANY = 8000;

    private final Rig rig;
    private final PostgresDatabase database;
    private final List<PgWire> clients = new ArrayList<>();

    PgTrouble(Rig rig, PostgresDatabase database) {
        this.rig = rig;
        this.database = database;
    }

    private static Map<String, String> login(String name) {
        return Map.of("user", PostgresServer.SUPERUSER, "database", name);
    }

    /** Later lines of {@code more} win. */
    private void start(String more, Integer... ports) throws IOException {
        rig.startFile(route(more, ports));
    }

    private static String route(String more, Integer... ports) {
        return "turnout.routes.db { protocol = postgresql, listen = \"127.0.0.1:0\", data = shared, auth.mode = trust\n"
                + "blue.tls.mode = disable, green.endpoints = [\"127.0.0.1:1\"], blue.endpoints = ["
                + Stream.of(ports).map(port -> "\"127.0.0.1:" + port + "\"").collect(Collectors.joining(","))
                + "]\n" + more + "\n}";
    }

    private InetSocketAddress address() {
        return rig.turnout().address("db");
    }

    String jdbcUrl() {
        // A time limit of its own, so that a driver that waits for ever is a failure and no hang.
        return "jdbc:postgresql://127.0.0.1:" + address().getPort() + "/" + database.name()
                + "?user=postgres&password=wrong&sslmode=disable&loginTimeout=30&gssEncMode=disable";
    }

    double failures(String code) throws IOException, InterruptedException {
        return rig.metric("turnout_pg_session_failures_total{reason=\"" + code + "\"");
    }

    /** All clients go. */
    void leave() throws IOException {
        for (PgWire client : clients) {
            client.close();
        }
    }

    private PgWire open(boolean narrow) throws IOException {
        PgWire wire = rig.closing(PgWire.open(address(), narrow));
        clients.add(wire);
        return wire;
    }

    private PgWire saying(byte... bytes) throws IOException {
        PgWire wire = open(false);
        wire.send(bytes);
        return wire;
    }

    private PgWire startsUp() throws IOException {
        return saying(Messages.startup(login(database.name())));
    }

    private PgWire loggedIn() throws IOException {
        PgWire wire = open(false);
        wire.start(login(database.name()));
        return wire;
    }

    private int real() {
        return database.server().port();
    }

    private RawUpstream fake(Behaviour behaviour) throws IOException {
        return rig.closing(new RawUpstream((connection, number) -> {
            packet(connection);
            behaviour.on(connection);
        }));
    }

    @FunctionalInterface
    private interface Behaviour {
        void on(RawConnection connection) throws IOException;
    }

    /** Reads one without a type. */
    private static void packet(RawConnection connection) throws IOException {
        String head = connection.text(HEAD_BYTES);
        connection.text((head.charAt(2) << 8 | head.charAt(3)) - HEAD_BYTES);
    }

    private static String error(String sqlState) {
        String fields = "SFATAL\0VFATAL\0C" + sqlState + "\0Mnot now\0\0";
        return "E\0\0\0" + (char) (HEAD_BYTES + fields.length()) + fields;
    }

    PgWire garbageFirst() throws IOException {
        start("", real());
        return saying("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    PgWire longStartup() throws IOException {
        start("", real());
        return saying(Messages.startup(Map.of("user", "u".repeat(LONG_BYTES))));
    }

    PgWire cutStartup() throws IOException {
        start("", real());
        PgWire wire = saying((byte) 0, (byte) 0, (byte) 0, (byte) 90, (byte) 0, (byte) 3);
        wire.finish();
        return wire;
    }

    private String tls(String more) throws IOException {
        Certificates own = Certificates.selfSigned("localhost", "localhost");
        return "tls { certificate = \"" + own.certificateIn(rig.stateDir(), "server.crt")
                + "\", private-key = \""
                + own.keyIn(rig.stateDir(), "server.key") + "\"" + more + " }";
    }

    PgWire brokenHandshake() throws IOException {
        start(tls(""), real());
        PgWire wire = saying(Messages.sslRequest());
        assertThat(wire.read(new byte[1])).isOne();
        wire.send(Messages.startup(login(database.name())));
        // What TLS itself says of it is no message.
        wire.finish();
        while (wire.read(new byte[100]) >= 0) {
            assertThat(wire).isNotNull();
        }
        return wire;
    }

    PgWire beforeTheHandshake() throws IOException {
        start(tls(""), real());
        byte[] request = Messages.sslRequest();
        byte[] both = Arrays.copyOf(request, request.length + 1);
        return saying(both);
    }

    PgWire silentClient() throws IOException {
        start(SHORT, real());
        return open(false);
    }

    PgWire unansweredLogin() throws IOException {
        start(SHORT + "\n" + USERS, real());
        return startsUp();
    }

    PgWire queryInsteadOfPassword() throws IOException {
        start(USERS, real());
        PgWire wire = startsUp();
        wire.next('R');
        wire.send(new Messages().query("SELECT 1"));
        return wire;
    }

    PgWire wrongPassword() throws IOException {
        // pg_authid's own hash of it, so that one message is the whole proof.
        start("auth { mode = users, users = [ { name = postgres, verifier = md5" + "0".repeat(32) + " } ] }",
                real());
        PgWire wire = startsUp();
        wire.next('R');
        wire.send(new Messages().message('p', "md5nonsense\0".getBytes(StandardCharsets.US_ASCII)));
        return wire;
    }

    PgWire noUser() throws IOException {
        start("", real());
        return saying(Messages.startup(Map.of("database", database.name())));
    }

    PgWire withoutTls() throws IOException {
        start(tls(", required = true"), real());
        return startsUp();
    }

    PgWire unknownType() throws IOException {
        start("", real());
        PgWire wire = loggedIn();
        wire.send(new Messages().message('!'));
        return wire;
    }

    PgWire longSync() throws IOException {
        start("", real());
        PgWire wire = loggedIn();
        wire.send(new Messages().message('S', new byte[LONG_BYTES]));
        return wire;
    }

    PgWire writesThoughReadOnly() throws IOException {
        start("rules = [ { when { user = postgres }, to = blue, read-only = true } ]", real());
        PgWire wire = loggedIn();
        wire.send(new Messages().query("SET default_transaction_read_only = off"));
        return wire;
    }

    PgWire resetsAmidAQuery() throws Exception {
        start("", real());
        PgWire wire = loggedIn();
        wire.send(new Messages().query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"));
        wire.next('D');
        wire.reset();
        await().until(() -> "0".equals(database.value("SELECT count(*) FROM pg_stat_activity WHERE pid = "
                + wire.pid())));
        return wire;
    }

    PgWire tooManyConnections() throws Exception {
        start("limits.unauthenticated = 1", real());
        open(false);
        await().until(() -> rig.metric("turnout_connections{route=\"db\"") == 1);
        return startsUp();
    }

    PgWire drained() throws Exception {
        start("", real());
        PgWire wire = loggedIn();
        try (RigOperator operator = new RigOperator(rig)) {
            operator.asks("POST", "/routes/db/drain", "{\"target\":\"blue\",\"timeout\":\"20s\"}");
        }
        return wire;
    }

    /** The route of another name keeps what was counted. */
    PgWire routeTakenOut() throws Exception {
        String route = route("", real());
        rig.startFile(route);
        PgWire wire = loggedIn();
        rig.reload(route.replaceFirst("127.0.0.1:0", "127.0.0.2:0"));
        return wire;
    }

    PgWire nothingListens() throws IOException {
        start("", closedPort());
        return startsUp();
    }

    /** A port that is taken, so that nobody else gets it, but that nobody listens on. */
    private int closedPort() throws IOException {
        Socket bound = rig.closing(new Socket());
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound.getLocalPort();
    }

    PgWire nothingOpens() throws IOException {
        ServerSocket full = rig.closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        // As soon as the queue is full the system answers no more, which is how a host looks that is gone.
        boolean room = true;
        while (room) {
            Socket socket = rig.closing(new Socket());
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                room = false;
            }
        }
        start(SHORT, full.getLocalPort());
        return startsUp();
    }

    PgWire silentAtTls() throws IOException {
        start(SHORT + "\nblue.tls.mode = prefer", fake(RawConnection::rest).port());
        return startsUp();
    }

    PgWire serverWithoutTls() throws IOException {
        start("blue.tls.mode = require", real());
        return startsUp();
    }

    PgWire silentAtLogin() throws IOException {
        start(SHORT, fake(RawConnection::rest).port());
        return startsUp();
    }

    PgWire closesAtLogin() throws IOException {
        start("", fake(RawConnection::close).port());
        return startsUp();
    }

    PgWire garbageAtLogin() throws IOException {
        start("", fake(saying("SSH-2.0-OpenSSH\r\n")).port());
        return startsUp();
    }

    private static Behaviour saying(String answer) {
        return connection -> {
            connection.send(answer);
            connection.rest();
        };
    }

    PgWire asksForAPassword() throws IOException {
        start("", fake(saying(ASKS_FOR_CLEARTEXT)).port());
        return startsUp();
    }

    PgWire nobodyToAsk() throws IOException {
        start("auth { mode = pass-through, query.user = postgres }", closedPort());
        return startsUp();
    }

    PgWire garbageAmidTheSession() throws IOException {
        start("", fake(connection -> {
            connection.send(LET_IN);
            connection.text(1);
            connection.send("?\0\0\0\4");
            connection.rest();
        }).port());
        PgWire wire = loggedIn();
        wire.send(new Messages().query("SELECT 1"));
        return wire;
    }

    private PostgresServer own() throws IOException {
        return rig.closing(PostgresServer.version(18).start());
    }

    private PgWire loggedInTo(PostgresServer server) throws IOException {
        start("", server.port());
        PgWire wire = open(false);
        wire.start(login(PostgresServer.SUPERUSER));
        return wire;
    }

    PgWire killedAmidAQuery() throws Exception {
        PostgresServer server = own();
        PgWire wire = loggedInTo(server);
        wire.send(new Messages().query("SELECT pg_sleep(600)"));
        await().until(() -> "active".equals(server.database(PostgresServer.SUPERUSER)
                .value("SELECT state FROM pg_stat_activity WHERE pid = " + wire.pid())));
        server.kill();
        return wire;
    }

    PgWire killedWhileIdle() throws Exception {
        PostgresServer server = own();
        PgWire wire = loggedInTo(server);
        server.kill();
        return wire;
    }

    PgWire closesAmidAMessage() throws IOException {
        start("", fake(connection -> {
            connection.send(LET_IN);
            connection.text(1);
            connection.send("D\0\0\1\0half a row");
        }).port());
        PgWire wire = loggedIn();
        wire.send(new Messages().query("SELECT 1"));
        return wire;
    }

    PgWire startingUp() throws IOException {
        start("", fake(saying(error("57P03"))).port(), fake(saying(error("57P03"))).port());
        return startsUp();
    }

    PgWire tooManyClients() throws IOException {
        start("", fake(saying(error("53300"))).port(), real());
        return startsUp();
    }

    PgWire noSuchDatabase() throws IOException {
        start("", real());
        return saying(Messages.startup(login("nowhere")));
    }

    PgWire terminated() throws Exception {
        start("", real());
        PgWire wire = loggedIn();
        assertThat(database.value("SELECT pg_terminate_backend(" + wire.pid() + ")")).isEqualTo("t");
        return wire;
    }

    private PgWire asking() throws IOException {
        PgWire wire = loggedIn();
        wire.send(new Messages().query("SELECT 1"));
        return wire;
    }

    PgWire oneOfTwoListens() throws IOException {
        start("", closedPort(), real());
        return asking();
    }

    PgWire oneOfTwoStartsUp() throws IOException {
        start("", fake(saying(error("57P03"))).port(), real());
        return asking();
    }

    PgWire standsStill() throws Exception {
        PostgresServer server = own();
        PgWire wire = loggedInTo(server);
        server.suspend();
        wire.send(new Messages().query("SELECT 1"));
        assertThat(wire.hasMoreWithin(500)).isFalse();
        server.resume();
        return wire;
    }

    PgWire fullSockets() throws Exception {
        start("", real());
        PgWire wire = open(true);
        wire.start(login(database.name()));
        Thread asks = Thread.ofVirtual().start(() -> {
            try {
                for (int query = 0; query < MANY; query++) {
                    wire.send(new Messages()
                            .query("SELECT repeat('x', 10000) /* " + "y".repeat(10000) + " */"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        // Full when nothing more is taken.
        assertThat(asks.join(Duration.ofSeconds(3))).as("a client that does not read may not ask on")
                .isFalse();
        for (int answer = 1; answer < MANY; answer++) {
            wire.next('Z');
        }
        asks.join();
        return wire;
    }

    PgWire cancelOfNobody() throws Exception {
        start("", real());
        PgWire wire = loggedIn();
        wire.cancel((byte) 1, (byte) 2, (byte) 3, (byte) 4);
        assertThat(rig.metric("turnout_pg_cancels_total{result=\"unknown\",route=\"db\"}")).isEqualTo(1);
        wire.send(new Messages().query("SELECT 1"));
        return wire;
    }
}
