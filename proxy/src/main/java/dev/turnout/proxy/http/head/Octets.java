package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What each byte may be in a head (RFC 9110 5.6.2, RFC 9112), as one table look-up. */
final class Octets {
    /** May stand in a token: method, field name. */
    static final int TOKEN = 1;
    /** May stand in a field value: visible, space, tab, or obs-text. */
    static final int VALUE = 1 << 1;
    /** May stand in a request target: visible ASCII but for {@code " # < >}, which no client sends raw. */
    static final int TARGET = 1 << 2;
    /** May stand in the authority of a target or in Host, without userinfo (RFC 3986 3.2). */
    static final int AUTHORITY = 1 << 3;
    static final int DIGIT = 1 << 4;
    /** Legal in a field name, but read as a hyphen by too many servers behind us. */
    static final int UNDERSCORE = 1 << 5;

    /** 1 in each of eight bytes. */
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

    private static final byte[] KINDS = new byte[256];
    private static final byte[] LOWER = new byte[256];

    static {
        for (int octet = 0; octet < 256; octet++) {
            boolean visible = octet > ' ' && octet < 0x7F;
            boolean digit = octet >= '0' && octet <= '9';
            boolean letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
            int kinds = 0;
            kinds |= letter || digit || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0 ? TOKEN : 0;
            kinds |= visible || octet == ' ' || octet == '\t' || octet >= 0x80 ? VALUE : 0;
            kinds |= visible && "\"#<>".indexOf(octet) < 0 ? TARGET : 0;
            kinds |= letter || digit || "-._~%!$&'()*+,;=:[]".indexOf(octet) >= 0 ? AUTHORITY : 0;
            kinds |= digit ? DIGIT : 0;
            kinds |= octet == '_' ? UNDERSCORE : 0;
            KINDS[octet] = (byte) kinds;
            LOWER[octet] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
        }
    }

    private Octets() {}

    static int kinds(byte octet) {
        return KINDS[octet & 0xFF];
    }

    /** Whether {@link #VALUE} holds for each of eight bytes and none of them is a tab; all at once. */
    static boolean plainValue(long eight) {
        long belowSpace = (eight - EACH * ' ') & ~eight;
        long zeroWhereDel = eight ^ EACH * 0x7F;
        long del = (zeroWhereDel - EACH) & ~zeroWhereDel;
        return ((belowSpace | del) & HIGHEST_BITS) == 0;
    }

    static byte lower(byte octet) {
        return LOWER[octet & 0xFF];
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The first place from {@code start} on that is no space or tab; {@code end} when there is none. */
    static int skipBlanks(ByteBuf in, int start, int end) {
        int i = start;
        while (i < end && isBlank(in.getByte(i))) {
            i++;
        }
        return i;
    }

    /** The end of what stands before the spaces and tabs that {@code end} may follow; not before {@code start}. */
    static int trimEnd(ByteBuf in, int start, int end) {
        int i = end;
        while (i > start && isBlank(in.getByte(i - 1))) {
            i--;
        }
        return i;
    }

    static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** Whether the bytes from {@code start} to {@code end} are {@code lowerCase}, letter case aside. */
    static boolean same(ByteBuf in, int start, int end, byte[] lowerCase) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(in.getByte(start + i)) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }
}
