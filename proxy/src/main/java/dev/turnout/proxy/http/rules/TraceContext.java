package dev.turnout.proxy.http.rules;

/** The field {@code traceparent} (W3C Trace Context, Level 1, 3.2). */
public final class TraceContext {
    private static final int LENGTH = 55;
    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;

    private TraceContext() {}

    /**
     * Whether a request is part of a trace that can be followed. A later version may go on behind the flags, after a
     * hyphen; version {@code ff} is none.
     */
    public static boolean isValid(String traceparent) {
        boolean shape = traceparent.length() >= LENGTH && traceparent.charAt(2) == '-'
                && traceparent.charAt(PARENT_ID - 1) == '-' && traceparent.charAt(FLAGS - 1) == '-';
        if (!shape || !isHex(traceparent, 0, 2) || traceparent.startsWith("ff")) {
            return false;
        }
        boolean ends = traceparent.length() == LENGTH
                || (!traceparent.startsWith("00") && traceparent.charAt(LENGTH) == '-');
        return ends && isId(traceparent, TRACE_ID, PARENT_ID - 1) && isId(traceparent, PARENT_ID, FLAGS - 1)
                && isHex(traceparent, FLAGS, LENGTH);
    }

    /** Not all zeros. */
    private static boolean isId(String text, int from, int to) {
        boolean zero = true;
        for (int i = from; i < to; i++) {
            zero &= text.charAt(i) == '0';
        }
        return !zero && isHex(text, from, to);
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            // Upper case is not allowed.
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
