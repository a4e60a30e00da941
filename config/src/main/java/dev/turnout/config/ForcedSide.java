package dev.turnout.config;

import java.util.List;

/**
 * Forces a side for requests that carry exactly this value.
 *
 * @param source where the value is looked for; a header or a cookie
 * @param value the whole value; letter case matters
 * @param to where such a request goes, whatever the weight
 * @param from clients that may do so; empty: anyone
 */
public record ForcedSide(RequestKey source, String value, Target to, List<AddressRange> from) {
    public ForcedSide {
        from = List.copyOf(from);
    }
}
