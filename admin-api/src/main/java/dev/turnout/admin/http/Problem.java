package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Why a request was not answered with what it asked for (RFC 9457).
 *
 * @param detail one sentence with the offending value, what was expected and, where it helps, what to do
 * @param members what programs may want of it besides, as JSON
 */
record Problem(Kind kind, String detail, ObjectNode members) {
    private static final int MAX_SHOWN = 60;

    Problem(Kind kind, String detail) {
        this(kind, detail, Json.object());
    }

    /** Every kind of refusal; the code is part of the API, the title is the status' own phrase. */
    enum Kind {
        // @formatter:off
        BAD_REQUEST(400, "bad_request", "Bad Request"),
        UNAUTHENTICATED(401, "unauthenticated", "Unauthorized"),
        FORBIDDEN(403, "forbidden", "Forbidden"),
        CSRF(403, "csrf", "Forbidden"),
        NOT_FOUND(404, "not_found", "Not Found"),
        UNKNOWN_ROUTE(404, "unknown_route", "Not Found"),
        UNKNOWN_TARGET(404, "unknown_target", "Not Found"),
        UNKNOWN_ENDPOINT(404, "unknown_endpoint", "Not Found"),
        METHOD_NOT_ALLOWED(405, "method_not_allowed", "Method Not Allowed"),
        LAST_ENDPOINT(409, "last_endpoint", "Conflict"),
        DRAIN_UNDONE(409, "drain_undone", "Conflict"),
        ONE_WRITER(409, "one_writer", "Conflict"),
        WRONG_PROTOCOL(409, "wrong_protocol", "Conflict"),
        RELOAD_FAILED(409, "reload_failed", "Conflict"),
        STALE_VERSION(412, "stale_version", "Precondition Failed"),
        BODY_TOO_LARGE(413, "body_too_large", "Content Too Large"),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "Unsupported Media Type"),
        EXPECTATION_FAILED(417, "expectation_failed", "Expectation Failed"),
        WRONG_HOST(421, "wrong_host", "Misdirected Request"),
        IDEMPOTENCY_KEY_REUSED(422, "idempotency_key_reused", "Unprocessable Content"),
        INVALID_CONFIGURATION(422, "invalid_configuration", "Unprocessable Content"),
        INTERNAL(500, "internal", "Internal Server Error"),
        AUDIT_UNREADABLE(500, "audit_unreadable", "Internal Server Error"),
        UNSUPPORTED_HEADER(501, "unsupported_header", "Not Implemented"),
        NOT_READY(503, "not_ready", "Service Unavailable"),
        NOT_DURABLE(503, "not_durable", "Service Unavailable"),
        TOO_MANY_STREAMS(503, "too_many_streams", "Service Unavailable"),
        DRAIN_TIMEOUT(504, "drain_timeout", "Gateway Timeout");
        // @formatter:on

        private final int status;
        private final String code;
        private final String title;

        Kind(int status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }

        String title() {
            return title;
        }
    }

    /** What a client sent, as a message may repeat it. */
    static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    /** Ends the handling of a request with this problem. */
    ProblemException raised() {
        return new ProblemException(this);
    }
}
