package dev.turnout.config;

import java.util.List;

/**
 * Which fields about the way of a message are added to it.
 *
 * @param xForwarded {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} to requests; default true
 * @param forwarded {@code Forwarded} (RFC 7239) to requests; default false
 * @param via {@code Via} (RFC 9110 7.6.3) to requests and answers; default true
 * @param requestId {@code X-Request-Id} to requests that bring none; default true
 * @param traceparent {@code traceparent} (W3C Trace Context) to requests that bring no valid one; default false
 * @param trust peers whose fields of these names are believed and appended to; from anyone else they are replaced.
 *     Default 127.0.0.0/8 and ::1/128; may be empty
 */
public record HeadersConfig(
        boolean xForwarded,
        boolean forwarded,
        boolean via,
        boolean requestId,
        boolean traceparent,
        List<AddressRange> trust) {
    public HeadersConfig {
        trust = List.copyOf(trust);
    }
}
