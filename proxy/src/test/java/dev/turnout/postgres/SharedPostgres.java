package dev.turnout.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database for each test class, on one server for each version and JVM. For tests that neither stop the server
 * nor change what holds for all of it: {@code @RegisterExtension static final SharedPostgres postgres = version(18);}
 */
public final class SharedPostgres implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final int major;
    private @Nullable PostgresDatabase database;

    private SharedPostgres(int major) {
        this.major = major;
    }

    public static SharedPostgres version(int major) {
        return new SharedPostgres(major);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws SQLException {
        PostgresServer server = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedPostgres.class))
                .getOrComputeIfAbsent(major, SharedPostgres::start, PostgresServer.class);
        String name = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT) + "_"
                + DATABASES.incrementAndGet();
        database = server.createDatabase(name);
    }

    /** The store of the whole run closes it. */
    private static PostgresServer start(int major) {
        try {
            return PostgresServer.version(major)
                    .setting("wal_level", "logical")
                    .setting("max_connections", "300")
                    .setting("max_prepared_transactions", "10")
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL " + major + " for all tests", e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws SQLException {
        server().execute("DROP DATABASE \"" + database().name() + "\" WITH (FORCE)");
    }

    public PostgresServer server() {
        return database().server();
    }

    /** That of this test class. */
    public PostgresDatabase database() {
        if (database == null) {
            throw new IllegalStateException("no test of the class has begun");
        }
        return database;
    }
}
