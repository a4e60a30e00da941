package dev.turnout.proxy.metrics.access;

import org.jspecify.annotations.Nullable;

/**
 * One request that ended. What a client chose the length of is cut, with {@link #CUT} as its last character.
 *
 * @param epochMillis when its head was complete
 * @param client its address, without the port
 * @param target blue or green; none when it was refused before a side was chosen
 * @param rung the step of the ladder that decided
 * @param bucket the place of the user's key between 0 and 999 999; -1 when no key decided
 * @param endpoint the last one that was tried
 * @param method absent when the head was refused before it was known
 * @param path the request target as it came; absent as {@code method}
 * @param status of the answer; 499 when the client went away before one
 * @param reason the reason code, when the proxy ended the request; absent when the endpoint answered to its end
 * @param durationNanos from the whole head of the request to the last byte of its answer
 * @param endpointNanos from the whole head of the request to the whole head of the answer; -1 without one
 * @param tries how many endpoints it was sent to, or tried to
 * @param snapshotVersion of the routing that decided; -1 when none was asked
 * @param epoch of the routing that decided; -1 when none was asked
 */
public record AccessEntry(
        long epochMillis,
        String client,
        String route,
        String target,
        @Nullable String rung,
        int bucket,
        @Nullable String endpoint,
        @Nullable String method,
        @Nullable String path,
        int status,
        @Nullable String reason,
        @Nullable String requestId,
        long durationNanos,
        long endpointNanos,
        int tries,
        long snapshotVersion,
        long epoch) {
    /** How many characters are kept of a path: a caller that holds more need not make a longer string than one more. */
    public static final int MAX_PATH = 2048;
    /** No request target, method or request id holds it, as it is not ASCII. */
    public static final char CUT = '\u2026';
    static final int MAX_METHOD = 32;
    static final int MAX_REQUEST_ID = 256;
    /** The record, its place in the queue, and what it shares with others or has of fixed length: generously. */
    private static final int FIXED_BYTES = 512;

    public AccessEntry {
        method = cut(method, MAX_METHOD);
        path = cut(path, MAX_PATH);
        requestId = cut(requestId, MAX_REQUEST_ID);
    }

    private static @Nullable String cut(@Nullable String text, int limit) {
        return text == null || text.length() <= limit ? text : text.substring(0, limit) + CUT;
    }

    /** About how many bytes it holds in memory. */
    int weight() {
        return FIXED_BYTES + length(method) + length(path) + length(requestId);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
