package dev.turnout.proxy.pg.wire;

import dev.turnout.proxy.pg.session.ClientMessage;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Messages that the proxy sends to servers in a client's place. Each is appended to a buffer of the caller's. */
public final class ClientMessages {
    private static final int VERSION_3 = 3 << 16;
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;

    private ClientMessages() {}

    public static void sslRequest(ByteBuf out) {
        out.writeInt(Integer.BYTES * 2).writeInt(SSL);
    }

    public static void cancelRequest(ByteBuf out, int pid, byte[] key) {
        out.writeInt(Integer.BYTES * 3 + key.length).writeInt(CANCEL).writeInt(pid).writeBytes(key);
    }

    /**
     * What a session begins with.
     *
     * @param parameters each character a byte, as they were read
     */
    public static void startup(ByteBuf out, int minor, Map<String, String> parameters) {
        int start = out.writerIndex();
        out.writeInt(0).writeInt(VERSION_3 | minor);
        parameters.forEach((name, value) -> {
            text(out, name);
            text(out, value);
        });
        out.writeByte(0);
        out.setInt(start, out.writerIndex() - start);
    }

    /** A password in clear text, or its MD5 hash. */
    public static void password(ByteBuf out, byte[] password) {
        int start = begin(out, ClientMessage.PASSWORD);
        out.writeBytes(password).writeByte(0);
        end(out, start);
    }

    public static void saslInitialResponse(ByteBuf out, String mechanism, byte[] data) {
        int start = begin(out, ClientMessage.PASSWORD);
        text(out, mechanism);
        out.writeInt(data.length).writeBytes(data);
        end(out, start);
    }

    public static void saslResponse(ByteBuf out, byte[] data) {
        int start = begin(out, ClientMessage.PASSWORD);
        out.writeBytes(data);
        end(out, start);
    }

    /**
     * One statement with one parameter, by the extended protocol, with results as text.
     *
     * @param sql has the parameter {@code $1}
     */
    public static void ask(ByteBuf out, String sql, String parameter) {
        int parse = begin(out, ClientMessage.PARSE);
        out.writeByte(0);
        utf8(out, sql);
        out.writeShort(0);
        end(out, parse);
        int bind = begin(out, ClientMessage.BIND);
        out.writeByte(0).writeByte(0).writeShort(0).writeShort(1);
        byte[] value = parameter.getBytes(StandardCharsets.UTF_8);
        out.writeInt(value.length).writeBytes(value).writeShort(0);
        end(out, bind);
        int execute = begin(out, ClientMessage.EXECUTE);
        out.writeByte(0).writeInt(0);
        end(out, execute);
        end(out, begin(out, ClientMessage.SYNC));
    }

    public static void terminate(ByteBuf out) {
        end(out, begin(out, ClientMessage.TERMINATE));
    }

    private static void utf8(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte(0);
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
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
