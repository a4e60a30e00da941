package dev.turnout.admin.http;

import dev.turnout.admin.http.Problem.Kind;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version that a change is conditional on (RFC 9110, 13.1.1). */
final class IfMatch {
    private static final Pattern VERSION = Pattern.compile("\"(\\d{1,18})\"");
    /** RFC 9110, 8.8.3. */
    private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\"");

    private IfMatch() {}

    /**
     * Reads the header; empty: no condition.
     *
     * @param lines every line of that header
     */
    static OptionalLong of(List<String> lines) {
        String value = String.join(", ", lines).strip();
        if (lines.isEmpty() || value.equals("*")) {
            return OptionalLong.empty();
        }
        Matcher version = VERSION.matcher(value);
        if (version.matches()) {
            return OptionalLong.of(Long.parseLong(version.group(1)));
        }
        if (ENTITY_TAG.matcher(value).matches()) {
            // Well-formed, but no version of ours; a weak tag never matches here (RFC 9110, 8.8.3.2).
            throw new Problem(Kind.STALE_VERSION, "If-Match: " + value
                    + " is no version of this route (expected: its ETag, like \"7\"); nothing was changed")
                    .raised();
        }
        throw new Problem(Kind.BAD_REQUEST,
                "If-Match: " + value + " (expected: one version in quotes, like \"7\", or *)").raised();
    }
}
