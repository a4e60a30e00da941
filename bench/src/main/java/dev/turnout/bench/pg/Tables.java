package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the workloads: those of {@code pgbench -i}, column for column, and one for the ledger. In the first
 * schema of the search path. Any thread; it blocks.
 */
final class Tables {
    static final String LEDGER = "turnout_bench_ledger";
    static final int ACCOUNTS_PER_BRANCH = 100_000;
    static final int TELLERS_PER_BRANCH = 10;

    private static final List<String> PGBENCH = List.of(
            "DROP TABLE IF EXISTS pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers",
            "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp,"
                    + " filler char(22))",
            "CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int, filler char(84))",
            "CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))",
            "CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler char(88))",
            "INSERT INTO pgbench_branches (bid, bbalance) SELECT bid, 0 FROM generate_series(1, %1$d) bid",
            "INSERT INTO pgbench_tellers (tid, bid, tbalance) SELECT tid, (tid - 1) / %2$d + 1, 0"
                    + " FROM generate_series(1, %1$d * %2$d) tid",
            "INSERT INTO pgbench_accounts (aid, bid, abalance, filler) SELECT aid, (aid - 1) / %3$d + 1, 0, ''"
                    + " FROM generate_series(1, %1$d * %3$d) aid",
            "ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)",
            "ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid)",
            "ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)");

    /** The counters have no unique index: a duplicate must be able to get in to be found. */
    private static final List<String> LEDGER_TABLE = List.of("DROP TABLE IF EXISTS " + LEDGER,
            "CREATE TABLE " + LEDGER + " (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " run bigint NOT NULL, client int NOT NULL, counter int NOT NULL,"
                    + " amount bigint NOT NULL, written timestamptz NOT NULL DEFAULT clock_timestamp())",
            "CREATE INDEX ON " + LEDGER + " (run, client, counter)");

    private Tables() {}

    /** Makes the tables anew, whatever was in them; all or nothing. */
    static void create(Connection connection, Workload workload, int scale) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String each : workload == Workload.LEDGER ? LEDGER_TABLE : PGBENCH) {
                statement.execute(each.replace("%1$d", Integer.toString(scale))
                        .replace("%2$d", Integer.toString(TELLERS_PER_BRANCH))
                        .replace("%3$d", Integer.toString(ACCOUNTS_PER_BRANCH)));
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute(workload == Workload.LEDGER
                    ? "ANALYZE " + LEDGER
                    : "VACUUM ANALYZE pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers");
        }
    }

    /** For how many branches there are tables; 1 for the ledger, which has none. Without tables it fails. */
    static int scale(Connection connection, Workload workload) throws SQLException {
        String count = workload == Workload.LEDGER
                ? "SELECT 1 FROM (SELECT run FROM " + LEDGER
                        + " LIMIT 0) ledger RIGHT JOIN (SELECT 1) one ON true"
                : "SELECT count(*) FROM pgbench_branches";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(count)) {
            row.next();
            return (int) Math.min(row.getLong(1), PgPlan.MOST_BRANCHES);
        }
    }
}
