package dev.turnout.proxy.failure;

import java.util.Locale;

/**
 * Every way in which the proxy itself refuses or ends a PostgreSQL session; in the metric and the log by its code, to the
 * client by its SQLSTATE (PostgreSQL, appendix A).
 */
public enum SessionFailure {
    /** The client sent what the protocol does not allow. */
    PROTOCOL("08P01"),
    /** The client took too long to say who it is. */
    STARTUP_TIMEOUT("57014"),
    /** As many connections are open as may be. */
    OVERLOAD("53300"),
    /** Not the right password, or no such user; which of the two is nobody's business. */
    AUTHENTICATION("28P01"),
    /** The client may not come in this way: without TLS, or without a certificate. */
    NOT_ALLOWED("28000"),
    /** No connection to an endpoint could be opened. */
    UPSTREAM_CONNECT("08006"),
    /** The server wants something of the proxy that it does not have, or did not prove that it is the right server. */
    UPSTREAM_AUTHENTICATION("28000"),
    /** The server went away amid the session. */
    UPSTREAM_RESET("08006"),
    /** The server answered what the protocol does not allow. */
    UPSTREAM_PROTOCOL("08P01"),
    /** The server took too long to let the session in. */
    UPSTREAM_TIMEOUT("08006"),
    /** The side has no endpoint that could serve the session. */
    NO_HEALTHY_ENDPOINT("57P03"),
    /** A session that was declared read-only asked for writing. */
    READ_ONLY("25006"),
    /** An operator sends sessions elsewhere. */
    DRAINED("57P01"),
    /** The proxy ends. */
    SHUTDOWN("57P01"),
    /** The client went away, or did not take what it asked for: nobody is left to be told. */
    CLIENT_ABORT("08006");

    private final String sqlState;
    private final String code = name().toLowerCase(Locale.ROOT);

    SessionFailure(String sqlState) {
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }

    /** The reason code: {@code upstream_connect}. */
    public String code() {
        return code;
    }
}
