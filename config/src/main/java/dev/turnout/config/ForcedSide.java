package dev.turnout.config;

import java.util.List;

/**
 * Forces a side for requests that carry exactly this value.
 *
 * @param source where the value is looked for; a header or a cookie, or a startup parameter of a PostgreSQL session
 * @param value the whole value; letter case matters
 * @param to where such a request goes, whatever the weight
 * @param from clients that may do so; empty: anyone
 * @param readOnly whether such a session only reads, and is held to it; only for PostgreSQL
 */
public record ForcedSide(
        RequestKey source,
        String value,
        Target to,
        List<AddressRange> from,
        boolean readOnly) {
    public ForcedSide {
        from = List.copyOf(from);
    }
}
