package dev.turnout.bench.pg;

import java.sql.Connection;
import java.sql.SQLException;

/** What one client does over one connection after another. Confined to the client's thread. */
interface Script {
    /** One transaction, to its end. After an exception it may be run again if the connection is still there. */
    interface Transaction {
        void run() throws SQLException;
    }

    /** Prepares its statements on a connection that is new. */
    Transaction on(Connection connection) throws SQLException;
}
