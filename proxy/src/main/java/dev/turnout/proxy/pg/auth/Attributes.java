package dev.turnout.proxy.pg.auth;

import org.jspecify.annotations.Nullable;

/** The attributes of one SCRAM message from left to right, {@code a=value} between commas, in the order of RFC 5802. */
final class Attributes {
    private static final char NONE = '\0';

    private final String text;
    /** Where the next attribute begins; beyond the end when there is none. */
    private int at;

    Attributes(String text) {
        this.text = text;
    }

    boolean isNext(char name) {
        return text.startsWith(name + "=", at);
    }

    /** The value of the next attribute, which has to be this one. */
    String take(char name) throws AuthException {
        refuseMandatory();
        if (!isNext(name)) {
            throw AuthException.malformed("SCRAM message: attribute " + name + " is missing or out of order");
        }
        int from = at + 2;
        skip();
        return text.substring(from, at - 1);
    }

    /** As {@link #take}, and it is base64 of {@code length} bytes; of any number except none when that is null. */
    byte[] takeBytes(char name, @Nullable Integer length) throws AuthException {
        byte[] bytes = Scram.bytes(take(name));
        if (bytes == null || bytes.length == 0 || (length != null && bytes.length != length)) {
            throw AuthException.malformed("SCRAM attribute " + name + ": (expected: base64 of "
                    + (length == null ? "at least one byte" : length + " bytes") + ")");
        }
        return bytes;
    }

    String takeNonce() throws AuthException {
        String nonce = take('r');
        if (!Scram.isNonce(nonce)) {
            throw AuthException.malformed("SCRAM attribute r: (expected: printable ASCII)");
        }
        return nonce;
    }

    /** Extensions mean nothing to us, unless they are mandatory (RFC 5802, section 5.1). */
    void skipExtensionsTo(char name) throws AuthException {
        while (at <= text.length() && !isNext(name)) {
            refuseMandatory();
            if (at + 1 >= text.length() || !isLetter(text.charAt(at)) || text.charAt(at + 1) != '=') {
                throw AuthException.malformed("SCRAM message: not a list of attributes");
            }
            skip();
        }
    }

    void skipExtensions() throws AuthException {
        skipExtensionsTo(NONE);
    }

    void end() throws AuthException {
        if (at <= text.length()) {
            throw AuthException.malformed("SCRAM message: more than belongs there");
        }
    }

    private void skip() {
        int comma = text.indexOf(',', at);
        at = (comma < 0 ? text.length() : comma) + 1;
    }

    private void refuseMandatory() throws AuthException {
        if (isNext('m')) {
            throw AuthException
                    .malformed("SCRAM message: a mandatory extension (expected: none; turn it off)");
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
