package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** The head of a message: a start line, then fields, of which those that frame the message are read (RFC 9112 6). */
public abstract sealed class MessageHead extends FieldSection permits RequestHead, ResponseHead {
    /** What {@link #contentLength} answers when there is none. */
    public static final long NO_LENGTH = -1;

    private static final byte[] CLOSE = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE = Octets.ascii("keep-alive");
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] UPGRADE = Octets.ascii("upgrade");
    private static final byte[] H2C = Octets.ascii("h2c");
    /** In place of an index: there is none, or more than one. */
    private static final int NO_UPGRADE = -1;
    private static final int AMBIGUOUS_UPGRADE = -2;
    /** What a version is: a letter or sign stands for itself, a zero for any digit. */
    private static final byte[] VERSION_SHAPE = Octets.ascii("HTTP/0.0");
    private static final int MAJOR = 5;
    private static final int MINOR = 7;
    static final int VERSION_BYTES = VERSION_SHAPE.length;
    /** As many digits as 2^63 has: a sum passes it at most once, and shows that in its sign. */
    private static final int MOST_LENGTH_DIGITS = 19;

    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    /** Connection lists something that is neither close nor keep-alive. */
    private boolean nominates;
    private boolean http10;
    /** Connection says that Upgrade counts. */
    private boolean upgradeOption;
    private int upgradeIndex;

    MessageHead(HeadLimits limits) {
        super(limits);
    }

    @Override
    public void reset() {
        super.reset();
        contentLength = NO_LENGTH;
        chunked = false;
        close = false;
        keepAlive = false;
        nominates = false;
        http10 = false;
        upgradeOption = false;
        upgradeIndex = NO_UPGRADE;
    }

    @Override
    final int firstState() {
        return START_LINE;
    }

    @Override
    void onField(KnownField known, ByteBuf in, int valueStart, int valueEnd, int index) {
        switch (known) {
            case CONTENT_LENGTH -> onContentLength(in, valueStart, valueEnd);
            case TRANSFER_ENCODING -> onTransferEncoding(in, valueStart, valueEnd);
            case CONNECTION -> onConnection(in, valueStart, valueEnd);
            case UPGRADE -> upgradeIndex = upgradeIndex == NO_UPGRADE ? index : AMBIGUOUS_UPGRADE;
            case OTHER, HOST, EXPECT, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO,
                    X_REQUEST_ID, TRACEPARENT, TRACESTATE, KEEP_ALIVE, PROXY_CONNECTION, TE, HTTP2_SETTINGS ->
                {
                }
        }
    }

    private void onContentLength(ByteBuf in, int start, int end) {
        if (contentLength != NO_LENGTH) {
            refuse(HeadFault.REPEATED_CONTENT_LENGTH);
            return;
        }
        long value = 0;
        boolean fits = end > start && end - start <= MOST_LENGTH_DIGITS
                && (end - start == 1 || in.getByte(start) != '0');
        for (int i = start; fits && i < end; i++) {
            byte octet = in.getByte(i);
            fits = (Octets.kinds(octet) & Octets.DIGIT) != 0;
            value = value * 10 + (octet - '0');
        }
        // Nineteen digits may pass 2^63 by once, which shows in the sign.
        if (!fits || value < 0) {
            refuse(HeadFault.CONTENT_LENGTH);
            return;
        }
        contentLength = value;
    }

    private void onTransferEncoding(ByteBuf in, int start, int end) {
        if (chunked || !Octets.same(in, start, end, CHUNKED)) {
            refuse(HeadFault.CODING);
            return;
        }
        chunked = true;
    }

    /** RFC 9110 7.6.1: a list of options, each also the name of a field that is meant for this hop only. */
    private void onConnection(ByteBuf in, int start, int end) {
        int from = start;
        while (from < end) {
            int to = from;
            while (to < end && in.getByte(to) != ',') {
                to++;
            }
            int first = Octets.skipBlanks(in, from, to);
            onConnectionOption(in, first, Octets.trimEnd(in, first, to));
            from = to + 1;
        }
    }

    private void onConnectionOption(ByteBuf in, int start, int end) {
        if (Octets.same(in, start, end, CLOSE)) {
            close = true;
        } else if (Octets.same(in, start, end, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Octets.same(in, start, end, UPGRADE)) {
            upgradeOption = true;
        } else if (end > start) {
            nominates = true;
        }
    }

    /**
     * The one protocol that the message would upgrade its connection to (RFC 9110 7.8), or null. HTTP/2 is none: it would
     * carry requests past everything that reads them here.
     */
    final byte @Nullable [] upgrade(ByteBuf in) {
        if (!upgradeOption || upgradeIndex < 0) {
            return null;
        }
        int start = in.readerIndex() + valueStart(upgradeIndex);
        int end = in.readerIndex() + valueEnd(upgradeIndex);
        boolean single = end > start && !Octets.same(in, start, end, H2C);
        for (int i = start; single && i < end; i++) {
            byte octet = in.getByte(i);
            single = octet == '/' || (Octets.kinds(octet) & Octets.TOKEN) != 0;
        }
        return single ? ByteBufUtil.getBytes(in, start, end - start) : null;
    }

    @Override
    void onEnd(ByteBuf in, int base) {
        if (chunked && contentLength != NO_LENGTH) {
            refuse(HeadFault.LENGTH_AND_CODING);
        } else if (chunked && http10) {
            refuse(HeadFault.CODING_IN_HTTP_10);
        }
        if (nominates) {
            NominatedFields.cut(this, in);
        }
    }

    /**
     * Scans the version that begins at {@code start}, and goes on with the state {@code next} behind it; returns where
     * it is. Judged byte by byte, so that junk is refused at once and not when eight bytes of it are there.
     */
    final int scanVersion(ByteBuf in, int base, int start, int from, int end, int next, HeadFault syntax) {
        int i = from;
        int whole = start + VERSION_BYTES;
        while (i < Math.min(end, whole)) {
            byte octet = in.getByte(base + i);
            byte wanted = VERSION_SHAPE[i - start];
            if (wanted == '0' ? !isDigit(octet) : octet != wanted) {
                refuse(syntax);
                return i;
            }
            i++;
        }
        if (i == whole) {
            byte minor = in.getByte(base + start + MINOR);
            if (in.getByte(base + start + MAJOR) != '1' || (minor != '0' && minor != '1')) {
                // HTTP/2.0 is a version, if none for this syntax; http/1.1 is not one at all.
                refuse(HeadFault.VERSION);
                return i;
            }
            http10 = minor == '0';
            state(next);
        }
        return i;
    }

    /** At the byte behind the CR of the start line. */
    final int endStartLine(byte octet, int i) {
        if (octet != '\n') {
            refuse(HeadFault.LINE_END);
            return i;
        }
        beginFields();
        return i + 1;
    }

    static boolean isDigit(byte octet) {
        return (Octets.kinds(octet) & Octets.DIGIT) != 0;
    }

    /** 0..2^63-1, or {@link #NO_LENGTH}. */
    public final long contentLength() {
        return contentLength;
    }

    public final boolean chunked() {
        return chunked;
    }

    public final boolean http10() {
        return http10;
    }

    /** Whether the sender reads or sends more on this connection after this message (RFC 9112 9.3). */
    public final boolean persistent() {
        return !close && (!http10 || keepAlive);
    }

    /**
     * Writes what is passed on of the head, without the empty line that ends it, so that fields can be added. Borrows
     * {@code in}, which is as it was scanned, and {@code out}.
     */
    public abstract void writeTo(ByteBuf out, ByteBuf in);
}
