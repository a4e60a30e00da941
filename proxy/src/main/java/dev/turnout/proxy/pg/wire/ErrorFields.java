package dev.turnout.proxy.pg.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What an ErrorResponse says (PostgreSQL, "Error and Notice Message Fields"); what is not there, or was cut off, is empty.
 *
 * @param severity {@code ERROR}, {@code FATAL} or {@code PANIC}; never translated
 * @param sqlState five characters
 */
public record ErrorFields(String severity, String sqlState, String message) {
    /** Reads fields from the body, as far as it is there. Borrows the buffer, without reading from it. */
    public static ErrorFields of(ByteBuf in, int index, int count) {
        String severity = "";
        String sqlState = "";
        String message = "";
        int at = index;
        int end = index + count;
        while (at < end && in.getByte(at) != 0) {
            int stop = in.indexOf(at + 1, end, (byte) 0);
            int valueEnd = stop < 0 ? end : stop;
            String value = in.toString(at + 1, valueEnd - at - 1, StandardCharsets.UTF_8);
            switch (in.getByte(at)) {
                case 'V' -> severity = value;
                case 'C' -> sqlState = value;
                case 'M' -> message = value;
                default -> {
                    // Of no interest here.
                }
            }
            at = valueEnd + 1;
        }
        return new ErrorFields(severity, sqlState, message);
    }
}
