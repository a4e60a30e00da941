package dev.turnout.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that lives as long as this object, at most as long as this JVM, on a free port of the loopback
 * interface and with a data folder of its own. It is as durable as in production: {@code fsync} and
 * {@code synchronous_commit} are on, since without them pauses look shorter than they are. Any thread, one at a time.
 */
public final class PostgresServer implements AutoCloseable {
    /** Needs no password. */
    public static final String SUPERUSER = "postgres";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int PORTS_TRIED = 5;

    private final int major;
    private final Path data;
    private final Keeper keeper;
    private int port;

    private PostgresServer(int major, Path data, Keeper keeper) {
        this.major = major;
        this.data = data;
        this.keeper = keeper;
    }

    /** {@code major}: 14 to 18, as far as the class path has its archive. */
    public static Builder version(int major) {
        return new Builder(major);
    }

    public int major() {
        return major;
    }

    /** Stays the same when the server is started again. */
    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Of the first process of the server, whose children are its backends. */
    public long pid() {
        return keeper.pid();
    }

    /** A database that exists already; {@code postgres} always does. */
    public PostgresDatabase database(String name) {
        return new PostgresDatabase(this, name);
    }

    public PostgresDatabase createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE \"" + name + "\"");
        return database(name);
    }

    /** As the superuser, in the database {@code postgres}. */
    public void execute(String... sql) throws SQLException {
        database(SUPERUSER).execute(sql);
    }

    /** For programs that take an address of this form, as psql does. */
    public String url(String user, String database) {
        return database(database).url(user);
    }

    /** Whether it is ready and its process there; a suspended one is. */
    public boolean running() {
        return keeper.running();
    }

    /** The last lines that the server said. */
    public String log() {
        return keeper.log();
    }

    /** Ends it in order: sessions are cut off, what is committed is written. It can be started again. */
    public void stop() {
        try {
            keeper.signal("INT", List.of(keeper.pid()));
            awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all its processes at once, as a machine does that loses its power. It can be started again. */
    public void kill() {
        try {
            keeper.signal("STOP", List.of(keeper.pid()));
            List<Long> children = children();
            // The children first: as long as their parent is there, they cannot be taken for another process.
            if (!children.isEmpty()) {
                keeper.signal("KILL", children);
            }
            ProcessStates.awaitEnded(children, STOP);
            keeper.signal("KILL", List.of(keeper.pid()));
            awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitEnd() throws IOException {
        if (!keeper.awaitEnd(STOP)) {
            throw new IOException("PostgreSQL " + major + " runs " + STOP + " after it was told to end:\n"
                    + keeper.log());
        }
    }

    /** Starts it again after {@link #stop} or {@link #kill}, on the same port and data. */
    public void start() throws IOException {
        if (!keeper.start(START)) {
            throw new IOException("PostgreSQL " + major + " does not start:\n" + keeper.log());
        }
    }

    /** {@link #stop} and {@link #start}. */
    public void restart() throws IOException {
        stop();
        start();
    }

    /** Stops the clock of all its processes: connections stay, the kernel answers for them, nobody else does. */
    public void suspend() throws IOException {
        // The first process before its children, so that it makes no new ones meanwhile.
        keeper.signal("STOP", List.of(keeper.pid()));
        List<Long> children = children();
        if (!children.isEmpty()) {
            keeper.signal("STOP", children);
        }
    }

    /** Ends {@link #suspend}. */
    public void resume() throws IOException {
        keeper.signal("CONT",
                Stream.concat(children().stream(), Stream.of(keeper.pid())).toList());
    }

    private List<Long> children() {
        return ProcessHandle.of(keeper.pid())
                .stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Ends it at once, and deletes all that it has written. */
    @Override
    public void close() {
        try {
            if (keeper.running()) {
                resume();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            keeper.close();
        }
    }

    private void startOnAFreePort() throws IOException {
        for (int tried = 0; tried < PORTS_TRIED; tried++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            append("postgresql.conf", List.of("port = " + port));
            if (keeper.start(START)) {
                return;
            }
            if (!keeper.log().contains("Address already in use")) {
                break;
            }
        }
        throw new IOException("PostgreSQL " + major + " does not start:\n" + keeper.log());
    }

    private void append(String file, List<String> lines) throws IOException {
        Files.write(data.resolve(file), lines, StandardOpenOption.APPEND);
    }

    /** What is to be different from a server that has just been installed. */
    public static final class Builder {
        private final int major;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> hba = new ArrayList<>();
        private final Map<String, Path> files = new LinkedHashMap<>();

        private Builder(int major) {
            this.major = major;
            setting("listen_addresses", "127.0.0.1");
            setting("fsync", "on");
            setting("synchronous_commit", "on");
            // In the data folder, not in the memory of the machine, where a killed server would leave it.
            setting("dynamic_shared_memory_type", "mmap");
        }

        /** A line of {@code postgresql.conf}; the value is quoted here. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * A line of {@code pg_hba.conf}, after the one that trusts the superuser; without any, all other users need a
         * password by SCRAM.
         */
        public Builder hba(String line) {
            hba.add(line);
            return this;
        }

        /** PEM files; they are copied. {@code clientAuthority}: of client certificates, null for none. */
        public Builder tls(Path certificate, Path key, @Nullable Path clientAuthority) {
            setting("ssl", "on");
            file("ssl_cert_file", "server.crt", certificate);
            file("ssl_key_file", "server.key", key);
            if (clientAuthority != null) {
                file("ssl_ca_file", "clients.crt", clientAuthority);
            }
            return this;
        }

        private void file(String setting, String name, Path source) {
            setting(setting, name);
            files.put(name, source);
        }

        /** Returns when it accepts connections. An exception holds the end of the server's log. */
        public PostgresServer start() throws IOException {
            Account account = Account.current();
            Binaries binaries = Binaries.of(major, account);
            Path folder = Files.createTempDirectory("turnout-pg-");
            account.own(folder);
            Path data = folder.resolve("data");
            Keeper keeper = Keeper.of(folder, account,
                    List.of(binaries.program("postgres").toString(), "-D", data.toString()));
            PostgresServer server = new PostgresServer(major, data, keeper);
            try {
                Commands.run(account.command("cp", "-R", binaries.template().toString(), data.toString()));
                configure(server, folder, account);
                server.startOnAFreePort();
                return server;
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        }

        private void configure(PostgresServer server, Path folder, Account account) throws IOException {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Path copy = Files.copy(file.getValue(), server.data.resolve(file.getKey()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
                account.own(copy);
            }
            setting("unix_socket_directories", folder.toString());
            server.append("postgresql.conf",
                    settings.entrySet()
                            .stream()
                            .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'")
                            .collect(Collectors.toList()));
            List<String> lines = new ArrayList<>(List.of("local all all trust",
                    "host all postgres 127.0.0.1/32 trust", "host replication postgres 127.0.0.1/32 trust"));
            lines.addAll(hba.isEmpty()
                    ? List.of("host all all 127.0.0.1/32 scram-sha-256",
                            "host replication all 127.0.0.1/32 scram-sha-256")
                    : hba);
            Files.write(server.data.resolve("pg_hba.conf"), lines);
        }
    }
}
