package dev.turnout.proxy.app.pgsoak;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a client sends, message behind message (PostgreSQL, "Message Formats"). One thread. */
public final class Messages {
    private static final int VERSION_3_0 = 3 << 16;
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The parts of a body: text ends with a zero byte, numbers are of their own size. */
    private static byte[] body(Object... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case String text -> {
                    body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                    body.write(0);
                }
                case Short number ->
                    body.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort(number).array());
                case Integer number ->
                    body.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
                case byte[] bytes -> body.writeBytes(bytes);
                default -> throw new IllegalArgumentException("part: " + part);
            }
        }
        return body.toByteArray();
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length).putInt(Integer.BYTES + body.length).put(body)
                .array();
    }

    public static byte[] startup(Map<String, String> parameters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(body(VERSION_3_0));
        parameters.forEach((name, value) -> body.writeBytes(body(name, value)));
        body.write(0);
        return framed(body.toByteArray());
    }

    public static byte[] cancel(int pid, byte[] key) {
        return framed(body(CANCEL, pid, key));
    }

    public static byte[] sslRequest() {
        return framed(body(SSL));
    }

    public Messages message(char type, byte... body) {
        out.write(type);
        out.writeBytes(framed(body));
        return this;
    }

    public Messages query(String sql) {
        return message('Q', body(sql));
    }

    public Messages parse(String name, String sql) {
        return message('P', body(name, sql, (short) 0));
    }

    /** To the portal without a name, values as text. */
    public Messages bind(String statement, String... values) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(body("", statement, (short) 0, (short) values.length));
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            body.writeBytes(body(bytes.length, bytes));
        }
        body.writeBytes(body((short) 0));
        return message('B', body.toByteArray());
    }

    /** {@code most}: rows; 0: all. */
    public Messages execute(int most) {
        return message('E', body("", most));
    }

    public Messages sync() {
        return message('S');
    }

    public Messages flush() {
        return message('H');
    }

    public Messages copyData(String data) {
        return message('d', data.getBytes(StandardCharsets.UTF_8));
    }

    public Messages copyDone() {
        return message('c');
    }

    public Messages copyFail(String why) {
        return message('f', body(why));
    }

    public Messages terminate() {
        return message('X');
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
