package dev.turnout.proxy.app;

import dev.turnout.config.PostgresAuth;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.pg.ConnectionCheck.Found;

/** What an operator may do about a login that a server did not let in. Stateless. */
final class Advice {
    private Advice() {}

    /** Whether another login at the same address could not fare better. */
    static boolean isUnreachable(Found found) {
        return found instanceof Found.Failed(SessionFailure failure, String _)
                && failure == SessionFailure.UPSTREAM_CONNECT;
    }

    static String of(Found found) {
        return switch (found) {
            case Found.Server _ -> "it is well";
            case Found.Refused(String sqlState, String message) ->
                message + " (" + sqlState + forState(sqlState, message)
                        + ")";
            case Found.Failed(SessionFailure failure, String detail) -> detail + switch (failure) {
                case UPSTREAM_CONNECT ->
                    " (expected: a server that runs and listens there, listen_addresses, and no firewall between)";
                case UPSTREAM_TIMEOUT -> " (expected: a server that answers; --timeout waits longer)";
                default -> "";
            };
        };
    }

    static String ofQuery(Found found, PostgresAuth.Query query) {
        String said = of(found);
        return said.contains("permission denied")
                ? said + " (expected: a superuser, or a SECURITY DEFINER function that " + query.user()
                        + " may execute, called by auth.query.sql)"
                : said;
    }

    private static String forState(String sqlState, String message) {
        return switch (sqlState) {
            case "28P01" -> "; expected: the password of the role on this server, which may have expired";
            case "28000" -> message.contains("pg_hba.conf")
                    ? "; expected: a line for this machine and user in pg_hba.conf of the server"
                    : message.contains("not permitted to log in") ? "; expected: ALTER ROLE ... LOGIN" : "";
            case "42501" -> "; expected: GRANT CONNECT ON DATABASE";
            case "53300" -> "; expected: room below max_connections of the server";
            case "57P03" -> "; expected: a server that is ready: try again";
            default -> "";
        };
    }
}
