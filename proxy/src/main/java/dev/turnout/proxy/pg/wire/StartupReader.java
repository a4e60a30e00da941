package dev.turnout.proxy.pg.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Reads what a client sends first, each field within its packet. Stateless. */
final class StartupReader {
    private static final int HEAD_BYTES = 8;
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;
    private static final int GSS = 80877104;
    private static final int CANCEL_HEAD_BYTES = 12;
    private static final int MAX_KEY_BYTES = 256;
    private static final int SHORT_KEY_BYTES = 4;
    private static final int MAJOR = 3;

    private StartupReader() {}

    static @Nullable StartupRequest read(ByteBuf in) {
        if (in.readableBytes() < Integer.BYTES) {
            return null;
        }
        int length = in.getInt(in.readerIndex());
        if (length < HEAD_BYTES || length > StartupRequest.MAX_BYTES) {
            return new StartupRequest.Malformed(
                    "startup packet: " + length + " bytes (expected: 8 to " + StartupRequest.MAX_BYTES + ")");
        }
        if (in.readableBytes() < length) {
            return null;
        }
        ByteBuf packet = in.readSlice(length).skipBytes(Integer.BYTES);
        int code = packet.readInt();
        return switch (code) {
            case SSL -> length == HEAD_BYTES ? new StartupRequest.Tls() : oversized("SSLRequest", length);
            case GSS -> length == HEAD_BYTES ? new StartupRequest.Gss() : oversized("GSSENCRequest", length);
            case CANCEL -> cancel(packet, length);
            default -> code >>> 16 == MAJOR
                    ? start(packet, code & 0xFFFF)
                    : new StartupRequest.Malformed(
                            "protocol version: " + (code >>> 16) + "." + (code & 0xFFFF)
                                    + " (expected: 3.0 to 3." + StartupRequest.NEWEST_MINOR + ")");
        };
    }

    private static StartupRequest oversized(String name, int length) {
        return new StartupRequest.Malformed(name + ": " + length + " bytes (expected: " + HEAD_BYTES + ")");
    }

    private static StartupRequest cancel(ByteBuf packet, int length) {
        int keyBytes = length - CANCEL_HEAD_BYTES;
        if (keyBytes < SHORT_KEY_BYTES || keyBytes > MAX_KEY_BYTES) {
            return new StartupRequest.Malformed(
                    "cancel key: " + Math.max(0, keyBytes) + " bytes (expected: 4 to 256)");
        }
        int pid = packet.readInt();
        byte[] key = new byte[keyBytes];
        packet.readBytes(key);
        return new StartupRequest.Cancel(pid, key);
    }

    private static StartupRequest start(ByteBuf packet, int minor) {
        SequencedMap<String, String> parameters = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        while (true) {
            String name = text(packet);
            if (name == null) {
                return new StartupRequest.Malformed(
                        "startup packet: its last byte is not 0 (expected: a terminator)");
            }
            if (name.isEmpty()) {
                break;
            }
            String value = text(packet);
            if (value == null) {
                return new StartupRequest.Malformed(
                        "startup packet: a name without a value (expected: pairs)");
            }
            if (name.startsWith("_pq_.")) {
                unknown.add(name);
            } else {
                parameters.put(name, value);
            }
        }
        if (packet.isReadable()) {
            return new StartupRequest.Malformed("startup packet: " + packet.readableBytes()
                    + " bytes behind its terminator (expected: none)");
        }
        return new StartupRequest.Start(minor, parameters, List.copyOf(unknown));
    }

    /** Bytes are kept as they are: the server has its own encoding. */
    private static @Nullable String text(ByteBuf packet) {
        int bytes = packet.bytesBefore((byte) 0);
        if (bytes < 0) {
            return null;
        }
        String text = packet.toString(packet.readerIndex(), bytes, StandardCharsets.ISO_8859_1);
        packet.skipBytes(bytes + 1);
        return text;
    }
}
