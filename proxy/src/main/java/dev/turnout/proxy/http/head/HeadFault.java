package dev.turnout.proxy.http.head;

import dev.turnout.proxy.failure.Kind;

/** Why a head or a body framing is refused. What it makes of the connection's next bytes is the caller's affair. */
public enum HeadFault {
    // @formatter:off: one line each
    LEADING_JUNK("bytes before the start line", "at most one CRLF"),
    METHOD("method", "a token, then one space"),
    TARGET("request target", "visible ASCII without \" # < >, then one space"),
    TARGET_FORM("request target", "a path that begins with /, * with OPTIONS, or http://authority/path"),
    TARGET_TOO_LONG(Kind.URI_TOO_LONG, "request target", Limit.TARGET),
    VERSION_SYNTAX("protocol version", "HTTP/1.1 or HTTP/1.0, then CRLF"),
    VERSION(Kind.HTTP_VERSION, "protocol version", "HTTP/1.1 or HTTP/1.0"),
    STATUS_LINE("status line", "HTTP/1.1, a space, three digits from 100 to 599, a space, a reason, CRLF"),
    LINE_END("line end", "CR and LF together"),
    FOLDED_FIELD("field line that begins with white space", "each field on one line"),
    FIELD_NAME("field name", "a token, then a colon at once"),
    FIELD_VALUE("field value", "visible characters, spaces and tabs"),
    TOO_MANY_FIELDS(Kind.HEADER_TOO_LARGE, "", Limit.FIELDS),
    TOO_LARGE(Kind.HEADER_TOO_LARGE, "", Limit.BYTES),
    CONNECTION_OPTIONS(Kind.BAD_REQUEST, "Connection", Limit.OPTIONS),
    CONTENT_LENGTH("Content-Length", "one whole number below 2^63, digits only, no leading zero"),
    REPEATED_CONTENT_LENGTH("Content-Length, more than one", "at most one"),
    LENGTH_AND_CODING("Content-Length beside Transfer-Encoding", "one of them"),
    CODING(Kind.UNSUPPORTED_CODING, "Transfer-Encoding", "chunked, alone"),
    CODING_IN_HTTP_10("Transfer-Encoding in HTTP/1.0", "Content-Length"),
    HOST("Host", "one host, with a port up to 65535 or without"),
    NO_HOST("Host, missing", "exactly one in HTTP/1.1"),
    REPEATED_HOST("Host, more than one", "exactly one"),
    HOST_MISMATCH("Host", "the authority of the request target"),
    EXPECTATION(Kind.EXPECTATION_FAILED, "Expect", "100-continue"),
    CONNECT(Kind.UNSUPPORTED_METHOD, "CONNECT", "another method; this is a gateway, not a forward proxy"),
    CHUNK_SIZE("chunk size", "1 to 15 hexadecimal digits, then CRLF"),
    CHUNK_EXTENSION("chunk extension", "at most 256 visible bytes"),
    CHUNK_END("end of a chunk", "CRLF after exactly as many bytes as announced");
    // @formatter:on

    /** What can be too many. */
    private enum Limit {
        BYTES, TARGET, FIELDS, OPTIONS,
        /** The fault is of another sort. */
        NONE;

        String exceeded(HeadLimits limits) {
            return switch (this) {
                case BYTES -> more(limits.bytes(), "bytes");
                case TARGET -> more(limits.targetBytes(), "bytes");
                case FIELDS -> more(limits.fields(), "fields");
                case OPTIONS -> more(NominatedFields.MOST_OPTIONS, "options");
                case NONE -> throw new IllegalStateException("limit: none (expected: one)");
            };
        }

        private static String more(int most, String unit) {
            return "more than " + most + " " + unit + " (expected: at most " + most + ")";
        }
    }

    private final Kind kind;
    private final String what;
    private final String expected;
    private final Limit limit;

    HeadFault(String what, String expected) {
        this(Kind.BAD_REQUEST, what, expected);
    }

    HeadFault(Kind kind, String what, String expected) {
        this.kind = kind;
        this.what = what;
        this.expected = expected;
        limit = Limit.NONE;
    }

    /** {@code what} has too many; empty: the section itself. */
    HeadFault(Kind kind, String what, Limit limit) {
        this.kind = kind;
        this.what = what;
        expected = "";
        this.limit = limit;
    }

    /** What a client is told that sent it; from an endpoint each of them is {@link Kind#UPSTREAM_PROTOCOL}. */
    public Kind kind() {
        return kind;
    }

    /**
     * One sentence for the log and the answer. It never quotes the peer's bytes.
     *
     * @param section head or trailers
     * @param countedIn what {@code atByte} counts in, from 0: head or body
     */
    String detail(String section, String countedIn, long atByte, HeadLimits limits) {
        if (limit == Limit.NONE) {
            return what + ": refused at byte " + atByte + " of the " + countedIn + " (expected: " + expected
                    + ")";
        }
        return (what.isEmpty() ? section : what) + ": " + limit.exceeded(limits);
    }
}
