package dev.turnout.proxy.http.head;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A section of fields (RFC 9112 5), scanned in place: of a request, of a response, or the trailers of a chunked body.
 *
 * <p>The section begins at the reader index of the buffer that is handed in; every position that is noted counts from
 * there, so the bytes may be moved between two calls, but must all be there again. An instance is used for one section
 * after the other: {@link #reset} first, then {@link #scan} with every growth of the buffer until it no longer answers
 * {@link Progress#MORE}. Confined to its caller's thread; never holds or releases a buffer.
 */
public class FieldSection {
    /** The largest limit on the number of fields. */
    public static final int MOST_FIELDS = 128;

    /** How far a scan has come. */
    public enum Progress {
        /** All bytes are seen, and they are not enough. */
        MORE,
        /** The section is whole and {@link #length} bytes long. */
        COMPLETE,
        /** The section is refused, for good; {@link #fault} says why. */
        REFUSED
    }

    /*
     * One pass, resumable at every byte. The state is where the machine stands, `at` the next byte. Names run over a table
     * look-up, values by eight bytes at a time, and each element goes on to the next by itself: the outer switch is for those
     * that a buffer cuts in two. Per field four positions are noted: where its name begins (which is where the line before it
     * ends), the colon, and the value without the white space around it.
     */
    static final int START_LINE = 0;
    private static final int FIELD_START = 10;
    private static final int NAME = 11;
    private static final int VALUE_START = 12;
    private static final int VALUE = 13;
    private static final int VALUE_LF = 14;
    private static final int END_LF = 15;
    private static final int COMPLETE = 16;
    private static final int REFUSED = 17;

    private static final int NOTES_PER_FIELD = 4;
    private static final int COLON = 1;
    private static final int VALUE_FROM = 2;
    private static final int VALUE_TO = 3;

    final HeadLimits limits;
    private final int[] notes;
    /** Fields that are not passed on. */
    private final BitSet cut = new BitSet(MOST_FIELDS);
    private int fields;
    private int octetsSeen;
    private int state;
    private int at;
    private int droppedNames;
    private @Nullable HeadFault fault;

    public FieldSection(HeadLimits limits) {
        this.limits = limits;
        // One field more than allowed: its name is noted before it is counted.
        notes = new int[(limits.fields() + 1) * NOTES_PER_FIELD];
        state = FIELD_START;
    }

    /** Forgets the last section. */
    public void reset() {
        cut.clear();
        fields = 0;
        octetsSeen = 0;
        state = firstState();
        at = 0;
        droppedNames = 0;
        fault = null;
    }

    int firstState() {
        return FIELD_START;
    }

    /** Borrows {@code in}, from its reader index; does not move it. */
    public final Progress scan(ByteBuf in) {
        int base = in.readerIndex();
        int end = Math.min(in.readableBytes(), limits.bytes());
        if (state < FIELD_START) {
            at = scanStartLine(in, base, at, end);
        }
        if (state >= FIELD_START && state < COMPLETE) {
            at = scanFields(in, base, at, end);
        }
        if (state < COMPLETE && at >= limits.bytes()) {
            refuse(tooLong());
        }
        return state == COMPLETE ? Progress.COMPLETE : state == REFUSED ? Progress.REFUSED : Progress.MORE;
    }

    /** Scans up to {@code end} or the end of the start line, then calls {@link #beginFields}; returns where it is. */
    int scanStartLine(ByteBuf in, int base, int from, int end) {
        throw new IllegalStateException("state: " + state + " (expected: a section without a start line)");
    }

    /** What a section that reaches the limit on its bytes is refused for. */
    HeadFault tooLong() {
        return HeadFault.TOO_LARGE;
    }

    /** Whether a field with an underscore in its name is left out. */
    boolean dropsUnderscores() {
        return true;
    }

    /** A field whose line is whole. {@code known} is what {@link KnownField#of} made of its name. */
    void onField(KnownField known, ByteBuf in, int valueStart, int valueEnd, int index) {}

    /** All fields are there: what can only be judged together. */
    void onEnd(ByteBuf in, int base) {}

    private int scanFields(ByteBuf in, int base, int from, int end) {
        int i = from;
        while (i < end && state < COMPLETE) {
            byte octet = in.getByte(base + i);
            switch (state) {
                case FIELD_START -> {
                    if (octet == '\r') {
                        state = END_LF;
                        i++;
                    } else if (Octets.isBlank(octet)) {
                        refuse(HeadFault.FOLDED_FIELD);
                    } else {
                        i = beginField(in, base, i, end);
                    }
                }
                case NAME -> i = scanName(in, base, i, end);
                case VALUE_START -> i = scanBlanks(in, base, i, end);
                case VALUE -> i = scanValue(in, base, i, end);
                case VALUE_LF -> i = endField(octet, in, base, i);
                case END_LF -> i = endSection(octet, in, base, i);
                default -> throw new IllegalStateException("state: " + state);
            }
        }
        return i;
    }

    private int beginField(ByteBuf in, int base, int i, int end) {
        if (fields == limits.fields()) {
            refuse(HeadFault.TOO_MANY_FIELDS);
            return i;
        }
        notes[fields * NOTES_PER_FIELD] = i;
        octetsSeen = 0;
        state = NAME;
        return scanName(in, base, i, end);
    }

    private int scanName(ByteBuf in, int base, int from, int end) {
        int i = from;
        int seen = octetsSeen;
        while (i < end) {
            byte octet = in.getByte(base + i);
            int kinds = Octets.kinds(octet);
            if ((kinds & Octets.TOKEN) == 0) {
                if (octet != ':' || i == notes[fields * NOTES_PER_FIELD]) {
                    refuse(HeadFault.FIELD_NAME);
                    return i;
                }
                notes[fields * NOTES_PER_FIELD + COLON] = i;
                octetsSeen = seen;
                state = VALUE_START;
                return scanBlanks(in, base, i + 1, end);
            }
            seen |= kinds;
            i++;
        }
        octetsSeen = seen;
        return i;
    }

    private int scanBlanks(ByteBuf in, int base, int from, int end) {
        int i = Octets.skipBlanks(in, base + from, base + end) - base;
        if (i == end) {
            return i;
        }
        notes[fields * NOTES_PER_FIELD + VALUE_FROM] = i;
        state = VALUE;
        return scanValue(in, base, i, end);
    }

    private int scanValue(ByteBuf in, int base, int from, int end) {
        int i = from;
        // Most of a head is values: eight bytes at a time, as long as all eight are plain.
        while (i <= end - Long.BYTES && Octets.plainValue(in.getLongLE(base + i))) {
            i += Long.BYTES;
        }
        while (i < end) {
            byte octet = in.getByte(base + i);
            if ((Octets.kinds(octet) & Octets.VALUE) == 0) {
                if (octet != '\r') {
                    refuse(octet == '\n' ? HeadFault.LINE_END : HeadFault.FIELD_VALUE);
                    return i;
                }
                int note = fields * NOTES_PER_FIELD;
                notes[note + VALUE_TO] = Octets.trimEnd(in, base + notes[note + VALUE_FROM], base + i) - base;
                state = VALUE_LF;
                return i + 1 < end ? endField(in.getByte(base + i + 1), in, base, i + 1) : i + 1;
            }
            i++;
        }
        return i;
    }

    private int endField(byte octet, ByteBuf in, int base, int i) {
        if (octet != '\n') {
            refuse(HeadFault.LINE_END);
            return i;
        }
        int index = fields++;
        int note = index * NOTES_PER_FIELD;
        state = FIELD_START;
        if ((octetsSeen & Octets.UNDERSCORE) != 0 && dropsUnderscores()) {
            // A server behind us may read x_user as X-User: such a field could pass for one that we set or check.
            cut(index);
            droppedNames++;
            return i + 1;
        }
        KnownField known = KnownField.of(in, base + notes[note], base + notes[note + COLON]);
        if (known.hopByHop()) {
            cut(index);
        }
        if (known != KnownField.OTHER) {
            onField(known, in, base + notes[note + VALUE_FROM], base + notes[note + VALUE_TO], index);
        }
        return i + 1;
    }

    private int endSection(byte octet, ByteBuf in, int base, int i) {
        if (octet != '\n') {
            refuse(HeadFault.LINE_END);
            return i;
        }
        // The end of the last line, as if one more field began here.
        notes[fields * NOTES_PER_FIELD] = i - 1;
        state = COMPLETE;
        at = i + 1;
        onEnd(in, base);
        return i + 1;
    }

    final void state(int next) {
        state = next;
    }

    final int state() {
        return state;
    }

    final void beginFields() {
        state = FIELD_START;
    }

    /** The first reason counts. */
    final void refuse(HeadFault why) {
        if (state != REFUSED) {
            fault = why;
            state = REFUSED;
        }
    }

    final void cut(int index) {
        cut.set(index);
    }

    /** Cuts every field of this name. */
    final void cutAll(ByteBuf in, byte[] lowerCaseName) {
        for (int index = find(in, lowerCaseName, 0); index >= 0; index = find(in, lowerCaseName, index + 1)) {
            cut(index);
        }
    }

    /** Passes a field of this name on after all. */
    public final void keep(int index, byte[] name) {
        if (!cut.get(index)) {
            return;
        }
        cut.clear(index);
        for (byte octet : name) {
            if (octet == '_') {
                droppedNames--;
                return;
            }
        }
    }

    /** Whether a field is left out when the section is passed on. */
    public final boolean cutsFields() {
        return !cut.isEmpty();
    }

    /** Of the whole section, in bytes; only when complete. */
    public final int length() {
        return at;
    }

    /** Number of fields, with those that are not passed on. */
    final int fields() {
        return fields;
    }

    /** How many fields were cut for an underscore in their name. */
    public final int droppedNames() {
        return droppedNames;
    }

    /** Only when refused. */
    public final HeadFault fault() {
        HeadFault why = fault;
        if (why == null) {
            throw new IllegalStateException("state: " + state + " (expected: refused)");
        }
        return why;
    }

    /** One sentence on why it was refused, and where. */
    public final String faultDetail() {
        return fault().detail("head", "head", at, limits);
    }

    /** Where it was refused, from the reader index of the section. */
    final int faultAt() {
        return at;
    }

    /** The index of the first field of this name from {@code from} on, or -1. {@code in} as it was scanned. */
    public final int find(ByteBuf in, byte[] lowerCaseName, int from) {
        int base = in.readerIndex();
        for (int index = from; index < fields; index++) {
            int note = index * NOTES_PER_FIELD;
            if (notes[note + COLON] - notes[note] == lowerCaseName.length
                    && Octets.same(in, base + notes[note], base + notes[note + COLON], lowerCaseName)) {
                return index;
            }
        }
        return -1;
    }

    /** Where the value of a field begins, from the reader index of the section. */
    public final int valueStart(int index) {
        return notes[index * NOTES_PER_FIELD + VALUE_FROM];
    }

    /** Where the value of a field ends, exclusive, white space left out. */
    public final int valueEnd(int index) {
        return notes[index * NOTES_PER_FIELD + VALUE_TO];
    }

    /**
     * From position {@code from}, which is 0 or the end of an earlier part: the length of the part that is passed on,
     * or, negative, of the part that is cut.
     */
    final int part(int from) {
        boolean cut = false;
        for (int index = 0; index < fields; index++) {
            int lineStart = notes[index * NOTES_PER_FIELD];
            if (lineStart >= from && this.cut.get(index) != cut) {
                if (lineStart > from) {
                    return cut ? from - lineStart : lineStart - from;
                }
                cut = true;
            }
        }
        int fieldsEnd = notes[fields * NOTES_PER_FIELD];
        return cut ? from - fieldsEnd : length() - from;
    }

    /** Copies what is passed on of the bytes from {@code from} to the end of the last field line. */
    final void copyKept(ByteBuf in, int from, ByteBuf out) {
        int base = in.readerIndex();
        int keptFrom = from;
        if (cutsFields()) {
            for (int index = 0; index < fields; index++) {
                if (cut.get(index)) {
                    int lineStart = notes[index * NOTES_PER_FIELD];
                    out.writeBytes(in, base + keptFrom, lineStart - keptFrom);
                    keptFrom = notes[(index + 1) * NOTES_PER_FIELD];
                }
            }
        }
        out.writeBytes(in, base + keptFrom, notes[fields * NOTES_PER_FIELD] - keptFrom);
    }
}
