package dev.turnout.bench.pg;

import dev.turnout.bench.report.Report;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/** The accounts of one load, and how they compare with the table. */
final class PgLedger {
    private static final int ROWS_AT_ONCE = 5000;

    private final long run;
    private final List<LedgerAccount> accounts;

    /** @param run tells the rows of this load from those of all others */
    PgLedger(long run, int clients) {
        this.run = run;
        accounts = IntStream.range(0, clients).mapToObj(LedgerAccount::new).toList();
    }

    Script script(int client) {
        return new LedgerScript(run, accounts.get(client));
    }

    /** After all clients have ended. It blocks. */
    Report.Ledger judge(Connector connector) throws SQLException {
        LedgerJudge judge = new LedgerJudge(accounts);
        try (Connection connection = connector.open()) {
            connection.setAutoCommit(false); // else the driver fetches all rows at once
            try (PreparedStatement select = connection.prepareStatement("SELECT client, counter, amount FROM "
                    + Tables.LEDGER + " WHERE run = ? ORDER BY position")) {
                select.setFetchSize(ROWS_AT_ONCE);
                select.setLong(1, run);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        judge.row(rows.getInt(1), rows.getInt(2), rows.getLong(3));
                    }
                }
            }
            connection.commit();
        }
        return judge.verdict();
    }
}
