package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes row after row with a counter, and now and then looks whether its last one can be seen. */
final class LedgerScript implements Script {
    /** One transaction of so many reads; the others write. */
    private static final int READ_EACH = 10;

    private final long run;
    private final LedgerAccount account;
    private int turn;

    LedgerScript(long run, LedgerAccount account) {
        this.run = run;
        this.account = account;
    }

    @Override
    public Transaction on(Connection connection) throws SQLException {
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + Tables.LEDGER
                + " (run, client, counter, amount) VALUES (?, ?, ?, ?)");
        PreparedStatement newest = connection.prepareStatement("SELECT coalesce(max(counter), -1) FROM "
                + Tables.LEDGER + " WHERE run = ? AND client = ?");
        return () -> {
            if (++turn % READ_EACH == 0) {
                readBack(newest);
            } else {
                write(insert);
            }
        };
    }

    private void write(PreparedStatement insert) throws SQLException {
        int counter = account.attempt();
        insert.setLong(1, run);
        insert.setInt(2, account.client());
        insert.setInt(3, counter);
        insert.setLong(4, LedgerAccount.amount(account.client(), counter));
        insert.executeUpdate();
        account.acknowledge(counter);
    }

    private void readBack(PreparedStatement newest) throws SQLException {
        newest.setLong(1, run);
        newest.setInt(2, account.client());
        try (ResultSet row = newest.executeQuery()) {
            row.next();
            account.readBack(row.getInt(1));
        }
    }
}
