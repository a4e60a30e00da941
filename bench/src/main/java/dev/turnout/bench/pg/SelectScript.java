package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** The select-only transaction of pgbench ({@code -S}): the balance of an account. */
final class SelectScript implements Script {
    private final int accounts;
    private final SplittableRandom random;

    SelectScript(int accounts, SplittableRandom random) {
        this.accounts = accounts;
        this.random = random;
    }

    @Override
    public Transaction on(Connection connection) throws SQLException {
        PreparedStatement select = connection
                .prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?");
        return () -> balance(select, random.nextInt(1, accounts + 1));
    }

    /** Asks for one row, which must be there. */
    static void balance(PreparedStatement select, int account) throws SQLException {
        select.setInt(1, account);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("account: " + account + " (expected: one of pgbench_accounts)",
                        "02000");
            }
        }
    }
}
