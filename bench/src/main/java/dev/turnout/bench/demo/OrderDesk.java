package dev.turnout.bench.demo;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A small application on the database: clerks, each with a connection of its own, who write down numbered orders and
 * read each back. It knows nothing of two sides. Each clerk is a virtual thread.
 */
final class OrderDesk implements Closeable {
    static final int CLERKS = 4;

    private static final String APPLICATION = "order-desk";
    private static final long BETWEEN_ORDERS_NANOS = Duration.ofMillis(100).toNanos();
    private static final int TIMEOUT_SECONDS = 10;
    private static final String WRITE = "INSERT INTO orders (clerk, number) VALUES (?, ?)";
    private static final String READ = "SELECT max(number) FROM orders WHERE clerk = ?";

    private final InetSocketAddress database;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Clerk> clerks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    private OrderDesk(InetSocketAddress database) {
        this.database = database;
    }

    /** Returns when all clerks are connected; IOException says why one cannot be. */
    static OrderDesk open(InetSocketAddress database) throws IOException {
        OrderDesk desk = new OrderDesk(database);
        try {
            for (int number = 1; number <= CLERKS; number++) {
                desk.clerks.add(new Clerk(number, desk.connect()));
            }
        } catch (SQLException e) {
            desk.clerks.forEach(Clerk::leave);
            throw new IOException("database at port " + database.getPort() + ": " + e.getMessage(), e);
        }
        for (Clerk clerk : desk.clerks) {
            desk.threads.add(Thread.ofVirtual().name("clerk-" + clerk.id).start(() -> desk.work(clerk)));
        }
        return desk;
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", DatabasePair.USER);
        properties.setProperty("password", DatabasePair.PASSWORD);
        properties.setProperty("ApplicationName", APPLICATION);
        properties.setProperty("connectTimeout", Integer.toString(TIMEOUT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(TIMEOUT_SECONDS));
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + database.getPort() + "/"
                + DatabasePair.DATABASE, properties);
    }

    private void work(Clerk clerk) {
        try {
            while (!closing.await(BETWEEN_ORDERS_NANOS, TimeUnit.NANOSECONDS)) {
                try {
                    if (clerk.connection.isClosed()) {
                        clerk.connection = connect();
                    }
                    clerk.takeAnOrder();
                } catch (SQLException e) {
                    failed.incrementAndGet();
                    firstFailure.compareAndSet(null, "clerk " + clerk.id + ": " + e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            clerk.leave();
        }
    }

    /** How many orders of each clerk the database has acknowledged. */
    Map<Integer, Long> written() {
        Map<Integer, Long> written = new TreeMap<>();
        clerks.forEach(clerk -> written.put(clerk.id, clerk.written.get()));
        return written;
    }

    /** Orders of all clerks together. */
    long total() {
        return written().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing has failed. */
    boolean isWell() {
        return failed.get() == 0;
    }

    /** What it has done so far, in words. */
    @Override
    public String toString() {
        String first = firstFailure.get();
        return total() + " orders were written to the database, " + failed + " failed"
                + (first == null ? "" : ", the first: " + first);
    }

    /** Returns when every clerk has finished the order under way and has gone. */
    @Override
    public void close() throws IOException {
        closing.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the clerks finished their orders", e);
        }
    }

    /** Confined to the clerk's thread, but for the count. */
    private static final class Clerk {
        private final int id;
        private final AtomicLong written = new AtomicLong();
        private Connection connection;
        private long number;

        Clerk(int id, Connection connection) {
            this.id = id;
            this.connection = connection;
        }

        void takeAnOrder() throws SQLException {
            number++;
            try (PreparedStatement write = connection.prepareStatement(WRITE)) {
                write.setInt(1, id);
                write.setLong(2, number);
                write.executeUpdate();
            }
            written.incrementAndGet();
            try (PreparedStatement read = connection.prepareStatement(READ)) {
                read.setInt(1, id);
                try (ResultSet result = read.executeQuery()) {
                    result.next();
                    long last = result.getLong(1);
                    if (last != number) {
                        throw new SQLException("wrote order " + number + " and read back " + last);
                    }
                }
            }
        }

        void leave() {
            try {
                connection.close();
            } catch (SQLException _) {
                // The connection is gone either way.
            }
        }
    }
}
