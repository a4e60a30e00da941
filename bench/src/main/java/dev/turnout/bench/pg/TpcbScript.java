package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** The transaction of pgbench that resembles TPC-B: three updates, a select and an insert. */
final class TpcbScript implements Script {
    private static final int MOST_DELTA = 5000;

    private final int scale;
    private final SplittableRandom random;

    private record Statements(
            Connection connection,
            PreparedStatement account,
            PreparedStatement select,
            PreparedStatement teller,
            PreparedStatement branch,
            PreparedStatement history) {}

    TpcbScript(int scale, SplittableRandom random) {
        this.scale = scale;
        this.random = random;
    }

    @Override
    public Transaction on(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Statements statements = new Statements(connection,
                connection.prepareStatement(
                        "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?"),
                connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?"),
                connection.prepareStatement(
                        "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?"),
                connection.prepareStatement(
                        "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?"),
                connection.prepareStatement("INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
                        + " VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)"));
        return () -> run(statements);
    }

    private void run(Statements used) throws SQLException {
        try {
            transaction(used);
        } catch (SQLException e) {
            rollBack(used.connection(), e);
            throw e;
        }
    }

    private void transaction(Statements used) throws SQLException {
        int account = random.nextInt(1, scale * Tables.ACCOUNTS_PER_BRANCH + 1);
        int teller = random.nextInt(1, scale * Tables.TELLERS_PER_BRANCH + 1);
        int branch = random.nextInt(1, scale + 1);
        int delta = random.nextInt(-MOST_DELTA, MOST_DELTA + 1);
        update(used.account(), delta, account);
        SelectScript.balance(used.select(), account);
        update(used.teller(), delta, teller);
        update(used.branch(), delta, branch);
        used.history().setInt(1, teller);
        used.history().setInt(2, branch);
        used.history().setInt(3, account);
        used.history().setInt(4, delta);
        used.history().executeUpdate();
        used.connection().commit();
    }

    private static void update(PreparedStatement update, int delta, int key) throws SQLException {
        update.setInt(1, delta);
        update.setInt(2, key);
        update.executeUpdate();
    }

    /** What fails here too goes with what failed first. */
    private static void rollBack(Connection connection, SQLException why) {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}
