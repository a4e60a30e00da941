package dev.turnout.proxy.failure;

import java.util.Locale;

/** Every way in which the proxy itself ends a request; in the answer, the access log and the metric by its code. */
public enum Kind {
    BAD_REQUEST(400), URI_TOO_LONG(414), EXPECTATION_FAILED(417), HEADER_TOO_LARGE(431), UNSUPPORTED_CODING(
            501), UNSUPPORTED_METHOD(501), UPSTREAM_CONNECT(
                    502), UPSTREAM_RESET(502), UPSTREAM_PROTOCOL(502), HTTP_VERSION(505),
    /** The client went away before its answer was complete: nobody is left to be told. */
    CLIENT_ABORT(499);

    private final int httpStatus;
    private final String code = name().toLowerCase(Locale.ROOT);

    Kind(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /** The status of the answer; for {@link #CLIENT_ABORT} only for the log, as no answer goes out. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The reason code: {@code upstream_connect}. */
    public String code() {
        return code;
    }
}
