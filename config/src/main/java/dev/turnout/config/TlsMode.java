package dev.turnout.config;

import java.util.Locale;

/** How a connection to a server is protected, by the names of libpq's {@code sslmode}. */
public enum TlsMode {
    /** Never. */
    DISABLE,
    /** Without, and with only where the server refuses it without. */
    ALLOW,
    /** With, where the server can. Nobody's identity is checked. */
    PREFER,
    /** Always; the server's certificate is checked only where {@code ca} is set, as by verify-ca. */
    REQUIRE,
    /** Always, and the certificate must be of a trusted authority. */
    VERIFY_CA,
    /** As verify-ca, and the certificate must name the host that was connected to. */
    VERIFY_FULL;

    /** The name in configuration: {@code verify-full}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
