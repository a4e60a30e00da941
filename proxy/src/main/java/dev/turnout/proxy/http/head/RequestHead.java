package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request (RFC 9112 3). Reused from one request to the next; see {@link FieldSection}. */
public final class RequestHead extends MessageHead {
    private static final int METHOD = 1;
    private static final int TARGET = 2;
    private static final int VERSION = 3;
    private static final int LINE_CR = 4;
    private static final int LINE_LF = 5;
    private static final int LEADING_LF = 6;
    /** No registered method is longer than 17; a longer one is junk that would fill the buffer. */
    private static final int MOST_METHOD_BYTES = 32;

    /** In HTTP/1.0 Host may be missing; then the authority of the target takes its place. */
    private static final byte[] HOST_FIELD = Octets.ascii("Host: ");
    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] CONTINUE = Octets.ascii("100-continue");

    private Method method = Method.OTHER;
    private int methodStart;
    private int targetStart;
    private int targetEnd;
    private int versionStart;
    /** Where the path begins: behind scheme and authority when the target is in absolute form. */
    private int pathStart;
    private int authorityStart;
    private int hostStart;
    private int hostEnd;
    /** Which fields say where the request came from: a bit for each. */
    private int provenance;

    public RequestHead(HeadLimits limits) {
        super(limits);
        reset();
    }

    @Override
    public void reset() {
        super.reset();
        method = Method.OTHER;
        methodStart = 0;
        targetStart = 0;
        targetEnd = 0;
        versionStart = 0;
        pathStart = 0;
        authorityStart = -1;
        hostStart = -1;
        hostEnd = -1;
        provenance = 0;
    }

    @Override
    HeadFault tooLong() {
        return state() == TARGET ? HeadFault.TARGET_TOO_LONG : HeadFault.TOO_LARGE;
    }

    @Override
    int scanStartLine(ByteBuf in, int base, int from, int end) {
        int i = from;
        while (i < end) {
            byte octet = in.getByte(base + i);
            switch (state()) {
                case START_LINE -> i = begin(octet, i);
                case LEADING_LF -> i = afterLeadingCr(octet, i);
                case METHOD -> i = scanMethod(octet, in, base, i);
                case TARGET -> i = scanTarget(in, base, i, end);
                case VERSION ->
                    i = scanVersion(in, base, versionStart, i, end, LINE_CR, HeadFault.VERSION_SYNTAX);
                case LINE_CR -> i = expect(octet, '\r', LINE_LF, i, HeadFault.VERSION_SYNTAX);
                case LINE_LF -> i = endStartLine(octet, i);
                default -> {
                    return i;
                }
            }
        }
        return i;
    }

    private int begin(byte octet, int i) {
        if (octet == '\r' && i == 0) {
            // RFC 9112 2.2: one empty line before the request line is forgiven, as old clients send it.
            state(LEADING_LF);
            return i + 1;
        }
        if ((Octets.kinds(octet) & Octets.TOKEN) == 0) {
            refuse(HeadFault.LEADING_JUNK);
            return i;
        }
        methodStart = i;
        state(METHOD);
        return i;
    }

    private int afterLeadingCr(byte octet, int i) {
        if (octet != '\n') {
            refuse(HeadFault.LEADING_JUNK);
            return i;
        }
        state(START_LINE);
        return i + 1;
    }

    private int expect(byte octet, char wanted, int next, int i, HeadFault otherwise) {
        if (octet != wanted) {
            refuse(otherwise);
            return i;
        }
        state(next);
        return i + 1;
    }

    private int scanMethod(byte octet, ByteBuf in, int base, int i) {
        if (octet == ' ') {
            method = Method.of(in, base + methodStart, base + i);
            targetStart = i + 1;
            state(TARGET);
        } else if ((Octets.kinds(octet) & Octets.TOKEN) == 0 || i - methodStart == MOST_METHOD_BYTES) {
            refuse(HeadFault.METHOD);
            return i;
        }
        return i + 1;
    }

    private int scanTarget(ByteBuf in, int base, int from, int end) {
        int longest = targetStart + limits.targetBytes();
        int i = from;
        while (i < end) {
            byte octet = in.getByte(base + i);
            if ((Octets.kinds(octet) & Octets.TARGET) == 0) {
                targetEnd = i;
                HeadFault wrong = octet == ' ' ? targetForm(in, base) : HeadFault.TARGET;
                if (wrong != null) {
                    refuse(wrong);
                    return i;
                }
                versionStart = i + 1;
                state(VERSION);
                return i + 1;
            }
            if (i == longest) {
                refuse(HeadFault.TARGET_TOO_LONG);
                return i;
            }
            i++;
        }
        return i;
    }

    /** RFC 9112 3.2: which of the four forms the target has; null when it is one that is served here. */
    private @Nullable HeadFault targetForm(ByteBuf in, int base) {
        pathStart = targetStart;
        if (method == Method.CONNECT) {
            return HeadFault.CONNECT;
        }
        if (targetEnd == targetStart) {
            return HeadFault.TARGET;
        }
        byte first = in.getByte(base + targetStart);
        if (first == '/' || (first == '*' && targetEnd == targetStart + 1 && method == Method.OPTIONS)) {
            return null;
        }
        int scheme = Authority.schemeLength(in, base + targetStart, base + targetEnd);
        if (scheme == 0) {
            return HeadFault.TARGET_FORM;
        }
        int authority = targetStart + scheme;
        int end = authority;
        while (end < targetEnd && in.getByte(base + end) != '/' && in.getByte(base + end) != '?') {
            end++;
        }
        if (!Authority.isValid(in, base + authority, base + end)) {
            return HeadFault.TARGET_FORM;
        }
        authorityStart = authority;
        pathStart = end;
        return null;
    }

    @Override
    void onField(KnownField known, ByteBuf in, int valueStart, int valueEnd, int index) {
        switch (known) {
            case HOST -> onHost(in, valueStart, valueEnd, index);
            case EXPECT -> onExpect(in, valueStart, valueEnd, index);
            case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, X_REQUEST_ID,
                    TRACEPARENT, TRACESTATE ->
                provenance |= known.provenance();
            case OTHER, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE,
                    UPGRADE,
                    HTTP2_SETTINGS ->
                super.onField(known, in, valueStart, valueEnd, index);
        }
    }

    private void onHost(ByteBuf in, int start, int end, int index) {
        if (hostStart >= 0) {
            refuse(HeadFault.REPEATED_HOST);
        } else if (!Authority.isValid(in, start, end)) {
            refuse(HeadFault.HOST);
        }
        hostStart = valueStart(index);
        hostEnd = valueEnd(index);
    }

    private void onExpect(ByteBuf in, int start, int end, int index) {
        if (http10()) {
            // RFC 9110 10.1.1: the client did not mean it.
            cut(index);
        } else if (!Octets.same(in, start, end, CONTINUE)) {
            refuse(HeadFault.EXPECTATION);
        }
    }

    @Override
    void onEnd(ByteBuf in, int base) {
        super.onEnd(in, base);
        if (hostStart < 0) {
            if (!http10()) {
                refuse(HeadFault.NO_HOST);
            }
        } else if (authorityStart >= 0
                && !Authority.same(in, base + authorityStart, base + pathStart, base + hostStart,
                        base + hostEnd, Authority.defaultPort(authorityStart - targetStart))) {
            refuse(HeadFault.HOST_MISMATCH);
        }
    }

    public Method method() {
        return method;
    }

    /** Whether there is such a field; only for those that say where a request came from. */
    public boolean has(KnownField field) {
        return (provenance & field.provenance()) != 0;
    }

    /** Does not pass on the fields of this name that came. {@code in} as it was scanned. */
    public void leaveOut(KnownField field, ByteBuf in) {
        if (has(field)) {
            cutAll(in, field.lowerCaseName());
            provenance &= ~field.provenance();
        }
    }

    /** The value of the only field of this name, or null when there is none or more than one. Allocates. */
    public @Nullable String value(KnownField field, ByteBuf in) {
        int index = has(field) ? find(in, field.lowerCaseName(), 0) : -1;
        if (index < 0 || find(in, field.lowerCaseName(), index + 1) >= 0) {
            return null;
        }
        return in.toString(in.readerIndex() + valueStart(index), valueEnd(index) - valueStart(index),
                StandardCharsets.ISO_8859_1);
    }

    /** The values of all fields of this name, in their order. Allocates. */
    public List<String> values(KnownField field, ByteBuf in) {
        List<String> values = new ArrayList<>();
        for (int index = find(in, field.lowerCaseName(), 0); index >= 0; index = find(in,
                field.lowerCaseName(), index + 1)) {
            values.add(in.toString(in.readerIndex() + valueStart(index), valueEnd(index) - valueStart(index),
                    StandardCharsets.ISO_8859_1));
        }
        return values;
    }

    /** The protocol that the client asks to go on with, or null. Only a GET without a body may ask. */
    public byte @Nullable [] wantedUpgrade(ByteBuf in) {
        return method == Method.GET && !http10() && !hasBody() ? upgrade(in) : null;
    }

    /** Whether the request says for which host it is: always in HTTP/1.1. */
    public boolean hasHost() {
        return hostStart >= 0 || authorityStart >= 0;
    }

    /** Writes the host that was asked for, with its port when it has one; see {@link #hasHost}. */
    public void writeHostTo(ByteBuf out, ByteBuf in) {
        if (hostStart >= 0) {
            out.writeBytes(in, in.readerIndex() + hostStart, hostEnd - hostStart);
        } else if (authorityStart >= 0) {
            out.writeBytes(in, in.readerIndex() + authorityStart, pathStart - authorityStart);
        }
    }

    /** Whether method and target could be read, also of a head that was refused for what came behind them. */
    public boolean knowsTarget() {
        return versionStart > 0;
    }

    /** As it came; only when {@link #knowsTarget}. Allocates. */
    public String methodText(ByteBuf in) {
        return text(in, methodStart, targetStart - 1);
    }

    /** Copies the method, as it came, to {@code into} from {@code offset} on; returns its length. */
    public int copyMethod(ByteBuf in, byte[] into, int offset) {
        return copy(in, methodStart, targetStart - 1, into, offset);
    }

    /** As {@link #copyMethod}, for path and query of the target: without scheme and authority. */
    public int copyPath(ByteBuf in, byte[] into, int offset) {
        return copy(in, pathStart, targetEnd, into, offset);
    }

    /** As {@link #copyMethod}, for the host that was asked for, with its port when it has one; see {@link #hasHost}. */
    public int copyHost(ByteBuf in, byte[] into, int offset) {
        return hostStart >= 0
                ? copy(in, hostStart, hostEnd, into, offset)
                : copy(in, authorityStart, pathStart, into, offset);
    }

    private static int copy(ByteBuf in, int start, int end, byte[] into, int offset) {
        in.getBytes(in.readerIndex() + start, into, offset, end - start);
        return end - start;
    }

    /** As it came, or its beginning; only when {@link #knowsTarget}. Allocates. */
    public String targetText(ByteBuf in, int mostBytes) {
        return text(in, targetStart, Math.min(targetEnd, targetStart + mostBytes));
    }

    private static String text(ByteBuf in, int start, int end) {
        return in.toString(in.readerIndex() + start, end - start, StandardCharsets.US_ASCII);
    }

    /** Whether a body follows (RFC 9112 6.3: a request without length and coding has none). */
    public boolean hasBody() {
        return chunked() || contentLength() > 0;
    }

    @Override
    public void writeTo(ByteBuf out, ByteBuf in) {
        if (authorityStart < 0) {
            copyKept(in, methodStart, out);
            return;
        }
        // Absolute form becomes origin form (RFC 9112 3.2.2); Host says the same, so nothing is lost.
        int base = in.readerIndex();
        out.writeBytes(in, base + methodStart, targetStart - methodStart);
        if (pathStart == targetEnd) {
            // RFC 9112 3.2.4: OPTIONS without a path asks about the server as a whole.
            out.writeByte(method == Method.OPTIONS ? '*' : '/');
        } else if (in.getByte(base + pathStart) != '/') {
            out.writeByte('/');
        }
        copyKept(in, pathStart, out);
        if (hostStart < 0) {
            out.writeBytes(HOST_FIELD).writeBytes(in, base + authorityStart, pathStart - authorityStart);
            out.writeShort(CRLF);
        }
    }
}
