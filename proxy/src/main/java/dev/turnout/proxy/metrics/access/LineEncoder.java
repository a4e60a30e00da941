package dev.turnout.proxy.metrics.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines of JSON, gathered in one array that is used again and again. What is not printable ASCII is escaped,
 * so a line holds one line end, its last byte, and nothing that a terminal would obey. Not for concurrent use.
 */
final class LineEncoder {
    private static final byte[] TIME = ascii("{\"time\":\"");
    private static final byte[] CLIENT = key("client");
    private static final byte[] ROUTE = key("route");
    private static final byte[] TARGET = key("target");
    private static final byte[] RUNG = key("rung");
    private static final byte[] BUCKET = key("bucket");
    private static final byte[] ENDPOINT = key("endpoint");
    private static final byte[] METHOD = key("method");
    private static final byte[] PATH = key("path");
    private static final byte[] STATUS = key("status");
    private static final byte[] REASON = key("reason");
    private static final byte[] REQUEST_ID = key("request_id");
    private static final byte[] DURATION = key("duration_ms");
    private static final byte[] ENDPOINT_DURATION = key("endpoint_ms");
    private static final byte[] TRIES = key("tries");
    private static final byte[] VERSION = key("version");
    private static final byte[] EPOCH = key("epoch");
    private static final byte[] END = ascii("}\n");

    private static final int MILLIS_PER_SECOND = 1000;
    private static final int NANOS_PER_MICRO = 1000;
    private static final int THOUSAND = 1000;
    private static final int LONGEST_NUMBER = 20;
    /** A backslash, u and four digits. */
    private static final int LONGEST_ESCAPE = 6;

    private byte[] bytes = new byte[4096];
    private int length;
    private long second = Long.MIN_VALUE;
    /** {@code second} up to its full stop: requests of one second share it. */
    private byte[] secondText = new byte[0];

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] key(String name) {
        return ascii(",\"" + name + "\":");
    }

    /** Adds a line. */
    void add(AccessEntry entry) {
        time(entry.epochMillis());
        text(CLIENT, entry.client());
        text(ROUTE, entry.route());
        text(TARGET, entry.target());
        text(RUNG, entry.rung());
        number(BUCKET, entry.bucket());
        text(ENDPOINT, entry.endpoint());
        text(METHOD, entry.method());
        text(PATH, entry.path());
        number(STATUS, entry.status());
        text(REASON, entry.reason());
        text(REQUEST_ID, entry.requestId());
        millis(DURATION, entry.durationNanos());
        millis(ENDPOINT_DURATION, entry.endpointNanos());
        number(TRIES, entry.tries());
        number(VERSION, entry.snapshotVersion());
        number(EPOCH, entry.epoch());
        put(END);
    }

    /** Of all lines, in bytes. */
    int length() {
        return length;
    }

    /** All lines; valid until the next call of another method. */
    ByteBuffer lines() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void clear() {
        length = 0;
    }

    private void time(long epochMillis) {
        long ofSecond = Math.floorDiv(epochMillis, MILLIS_PER_SECOND);
        if (ofSecond != second) {
            String text = Instant.ofEpochSecond(ofSecond).toString();
            secondText = ascii(text.substring(0, text.length() - 1) + ".");
            second = ofSecond;
        }
        put(TIME);
        put(secondText);
        threeDigits(Math.floorMod(epochMillis, MILLIS_PER_SECOND));
        room(2);
        bytes[length++] = 'Z';
        bytes[length++] = '"';
    }

    private void text(byte[] key, @Nullable String text) {
        if (text == null) {
            return;
        }
        put(key);
        room(2 + LONGEST_ESCAPE * text.length());
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                bytes[length++] = (byte) c;
            } else {
                escape(c);
            }
        }
        bytes[length++] = '"';
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        if (c == '"' || c == '\\') {
            bytes[length++] = (byte) c;
            return;
        }
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = (byte) HexFormat.of().toLowHexDigit(c >>> shift);
        }
    }

    /** Leaves out what is negative: absent. */
    private void number(byte[] key, long value) {
        if (value < 0) {
            return;
        }
        put(key);
        digits(value);
    }

    /** In milliseconds, to the microsecond. Leaves out what is negative: absent. */
    private void millis(byte[] key, long nanos) {
        if (nanos < 0) {
            return;
        }
        long micros = nanos / NANOS_PER_MICRO;
        put(key);
        digits(micros / THOUSAND);
        room(1);
        bytes[length++] = '.';
        threeDigits((int) (micros % THOUSAND));
    }

    private void digits(long value) {
        room(LONGEST_NUMBER);
        int end = length + 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = value;
        for (int at = end - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
    }

    private void threeDigits(int value) {
        room(3);
        bytes[length++] = (byte) ('0' + value / 100);
        bytes[length++] = (byte) ('0' + value / 10 % 10);
        bytes[length++] = (byte) ('0' + value % 10);
    }

    private void put(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    private void room(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
