package dev.turnout.proxy.failure;

import java.util.Locale;

/** Every way in which the proxy itself ends a request; in the answer, the access log and the metric by its code. */
public enum Kind {
    // @formatter:off
    BAD_REQUEST(400, "Bad Request"),
    /** No route of the listener matches. */
    NO_ROUTE(404, "Not Found"),
    /** The client was too slow, with the head or the body of its request or in taking the answer. */
    REQUEST_TIMEOUT(408, "Request Timeout"),
    BODY_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    EXPECTATION_FAILED(417, "Expectation Failed"),
    HEADER_TOO_LARGE(431, "Request Header Fields Too Large"),
    UNSUPPORTED_CODING(501, "Not Implemented"),
    UNSUPPORTED_METHOD(501, "Not Implemented"),
    UPSTREAM_CONNECT(502, "Bad Gateway"),
    UPSTREAM_RESET(502, "Bad Gateway"),
    UPSTREAM_PROTOCOL(502, "Bad Gateway"),
    NO_HEALTHY_ENDPOINT(503, "Service Unavailable"),
    OVERLOAD(503, "Service Unavailable"),
    UPSTREAM_TIMEOUT(504, "Gateway Timeout"),
    HTTP_VERSION(505, "HTTP Version Not Supported"),
    /** The client went away before its answer was complete: nobody is left to be told. */
    CLIENT_ABORT(499, "Client Closed Request");
    // @formatter:on

    private final int httpStatus;
    private final String phrase;
    private final String code = name().toLowerCase(Locale.ROOT);

    Kind(int httpStatus, String phrase) {
        this.httpStatus = httpStatus;
        this.phrase = phrase;
    }

    /** The status of the answer; for {@link #CLIENT_ABORT} only for the log, as no answer goes out. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The words behind the status in the status line (RFC 9110 15). */
    public String phrase() {
        return phrase;
    }

    /** Whether it is the endpoint's failure, not the client's or the proxy's. */
    public boolean ofEndpoint() {
        return switch (this) {
            case UPSTREAM_CONNECT, UPSTREAM_RESET, UPSTREAM_PROTOCOL, UPSTREAM_TIMEOUT, NO_HEALTHY_ENDPOINT ->
                true;
            case BAD_REQUEST, NO_ROUTE, REQUEST_TIMEOUT, BODY_TOO_LARGE, OVERLOAD, URI_TOO_LONG,
                    EXPECTATION_FAILED,
                    HEADER_TOO_LARGE, UNSUPPORTED_CODING,
                    UNSUPPORTED_METHOD,
                    HTTP_VERSION, CLIENT_ABORT ->
                false;
        };
    }

    /** The reason code: {@code upstream_connect}. */
    public String code() {
        return code;
    }
}
