package dev.turnout.proxy.http.head;

import org.jspecify.annotations.Nullable;

/**
 * The rules for a chunked body once more, written to be read: a string, from its beginning, all at once. What
 * {@link BodyFraming} makes of any input must be what this makes of it.
 */
final class ReferenceBody {
    private final HeadLimits limits;
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private @Nullable HeadFault fault;

    private ReferenceBody(HeadLimits limits, String text) {
        this.limits = limits;
        this.text = text;
    }

    /** Of a body that is refused, {@code out} is left empty: how much went on before depends on how it came. */
    static Relayed chunked(HeadLimits limits, String text) {
        ReferenceBody body = new ReferenceBody(limits, text);
        boolean whole = body.chunks();
        return body.fault != null
                ? new Relayed("", null, body.fault)
                : new Relayed(body.out.toString(), whole ? text.substring(body.at) : null, null);
    }

    private boolean chunks() {
        long size = size();
        while (size > 0) {
            long data = Math.min(size, text.length() - at);
            out.append(text, at, at + (int) data);
            at += (int) data;
            if (data < size || !pass('\r', HeadFault.CHUNK_END) || !pass('\n', HeadFault.CHUNK_END)) {
                return false;
            }
            size = size();
        }
        return size == 0 && trailers();
    }

    /** The size of the next chunk, behind the end of its line; -1 when that is refused, or not there yet. */
    private long size() {
        int from = at;
        while (at < text.length() && "0123456789abcdefABCDEF".indexOf(text.charAt(at)) >= 0) {
            out.append(text.charAt(at));
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.length() > 15) {
            fault = HeadFault.CHUNK_SIZE;
        } else if (at < text.length() && digits.isEmpty()) {
            fault = HeadFault.CHUNK_SIZE;
        } else if (at < text.length() && text.charAt(at) == ';') {
            extension();
        }
        boolean ended = fault == null && pass('\r', HeadFault.CHUNK_SIZE) && pass('\n', HeadFault.CHUNK_SIZE);
        return ended ? Long.parseLong(digits, 16) : -1;
    }

    private void extension() {
        int from = at;
        while (fault == null && at < text.length() && text.charAt(at) != '\r') {
            char octet = text.charAt(at);
            if ((octet < ' ' && octet != '\t') || octet == 0x7F || at - from == 256) {
                fault = HeadFault.CHUNK_EXTENSION;
            }
            at++;
        }
    }

    private boolean trailers() {
        Scanned section = ReferenceHead.trailers(limits, text.substring(at));
        fault = section.fault();
        out.append(section.output());
        at += section.length();
        return section.progress() == FieldSection.Progress.COMPLETE;
    }

    private boolean pass(char wanted, HeadFault otherwise) {
        if (at == text.length()) {
            return false;
        }
        if (text.charAt(at) != wanted) {
            fault = otherwise;
            return false;
        }
        out.append(wanted);
        at++;
        return true;
    }
}
