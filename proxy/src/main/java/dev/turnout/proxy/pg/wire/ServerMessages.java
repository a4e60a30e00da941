package dev.turnout.proxy.pg.wire;

import dev.turnout.proxy.pg.session.ServerMessage;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages that the proxy sends to clients in the server's place. Each is appended to a buffer of the caller's. */
public final class ServerMessages {
    private static final int OK = 0;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;
    private static final int VERSION_3 = 3 << 16;

    private ServerMessages() {}

    public static void authenticationOk(ByteBuf out) {
        end(out, authentication(out, OK));
    }

    /**
     * Asks for an MD5 hash of the password.
     *
     * @param salt 4 bytes
     */
    public static void authenticationMd5(ByteBuf out, byte[] salt) {
        int start = authentication(out, MD5);
        out.writeBytes(salt);
        end(out, start);
    }

    public static void authenticationSasl(ByteBuf out, List<String> mechanisms) {
        int start = authentication(out, SASL);
        mechanisms.forEach(mechanism -> text(out, mechanism));
        out.writeByte(0);
        end(out, start);
    }

    public static void authenticationSaslContinue(ByteBuf out, byte[] data) {
        int start = authentication(out, SASL_CONTINUE);
        out.writeBytes(data);
        end(out, start);
    }

    public static void authenticationSaslFinal(ByteBuf out, byte[] data) {
        int start = authentication(out, SASL_FINAL);
        out.writeBytes(data);
        end(out, start);
    }

    private static int authentication(ByteBuf out, int kind) {
        int start = begin(out, ServerMessage.AUTHENTICATION);
        out.writeInt(kind);
        return start;
    }

    /** The newest version that the proxy speaks, and what it was asked for and does not know. */
    public static void negotiateProtocolVersion(ByteBuf out, int minor, List<String> unknownOptions) {
        int start = begin(out, ServerMessage.NEGOTIATE_PROTOCOL_VERSION);
        out.writeInt(VERSION_3 | minor).writeInt(unknownOptions.size());
        unknownOptions.forEach(option -> text(out, option));
        end(out, start);
    }

    public static void backendKeyData(ByteBuf out, int pid, byte[] key) {
        int start = begin(out, ServerMessage.BACKEND_KEY_DATA);
        out.writeInt(pid).writeBytes(key);
        end(out, start);
    }

    public static void readyForQuery(ByteBuf out, byte status) {
        int start = begin(out, ServerMessage.READY_FOR_QUERY);
        out.writeByte(status);
        end(out, start);
    }

    /**
     * An ErrorResponse that ends the session.
     *
     * @param code the reason code of the proxy; stands where PostgreSQL names the routine
     */
    public static void fatal(ByteBuf out, String sqlState, String message, String hint, String code) {
        int start = begin(out, ServerMessage.ERROR_RESPONSE);
        field(out, 'S', "FATAL");
        field(out, 'V', "FATAL");
        field(out, 'C', sqlState);
        field(out, 'M', message);
        if (!hint.isEmpty()) {
            field(out, 'H', hint);
        }
        field(out, 'R', code);
        out.writeByte(0);
        end(out, start);
    }

    private static void field(ByteBuf out, char name, String value) {
        out.writeByte(name);
        text(out, value);
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte(0);
    }

    private static int begin(ByteBuf out, byte type) {
        out.writeByte(type);
        int start = out.writerIndex();
        out.writeInt(0);
        return start;
    }

    private static void end(ByteBuf out, int start) {
        out.setInt(start, out.writerIndex() - start);
    }
}
