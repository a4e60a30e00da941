package dev.turnout.proxy.app;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that speaks the protocol byte by byte, to a route with {@code auth.mode = trust}. One thread. */
final class PgPeer implements Closeable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int VERSION_3 = 3 << 16;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** Its session is there. {@code parameters}: names and values in turn. */
    PgPeer(InetSocketAddress address, String... parameters) throws IOException {
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(VERSION_3);
        for (String text : parameters) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write(0);
        }
        out.write(0);
        byte[] startup = body.toByteArray();
        DataOutputStream to = new DataOutputStream(socket.getOutputStream());
        to.writeInt(startup.length + Integer.BYTES);
        to.write(startup);
        untilReady();
    }

    /** One message; {@code parts}: texts, which end with a zero byte, byte arrays, shorts and integers. */
    static byte[] message(char type, Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Object part : parts) {
                switch (part) {
                    case String text -> {
                        out.write(text.getBytes(StandardCharsets.UTF_8));
                        out.write(0);
                    }
                    case byte[] raw -> out.write(raw);
                    case Short number -> out.writeShort(number);
                    case Integer number -> out.writeInt(number);
                    default -> throw new IllegalArgumentException("part: " + part.getClass());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("in memory", e);
        }
        byte[] body = bytes.toByteArray();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(type);
        whole.writeBytes(new byte[]{(byte) ((body.length + 4) >>> 24), (byte) ((body.length + 4) >>> 16),
            (byte) ((body.length + 4) >>> 8), (byte) (body.length + 4)});
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    static byte[] query(String sql) {
        return message('Q', sql);
    }

    /** Parse, Bind with these values as text, and Execute; without Sync. */
    static byte[] extended(String sql, String... values) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message('P', "", sql, (short) 0));
        List<Object> bind = new ArrayList<>(List.of("", "", (short) 0, (short) values.length));
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            bind.add(bytes.length);
            bind.add(bytes);
        }
        bind.add((short) 0);
        all.writeBytes(message('B', bind.toArray()));
        all.writeBytes(message('E', "", 0));
        return all.toByteArray();
    }

    static byte[] sync() {
        return message('S');
    }

    void send(byte[]... messages) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    /** What the server sends, as {@code C INSERT 0 1}, {@code E 25006 …}, {@code Z I}, or its type alone; null: the end. */
    String next() throws IOException {
        int type;
        try {
            type = in.readUnsignedByte();
        } catch (EOFException e) {
            return "end";
        }
        byte[] body = new byte[in.readInt() - Integer.BYTES];
        in.readFully(body);
        String text = new String(body, StandardCharsets.UTF_8);
        return switch (type) {
            case 'C' -> "C " + text.substring(0, text.length() - 1);
            case 'Z' -> "Z " + text;
            case 'E' -> "E " + field(text, 'C') + " " + field(text, 'M');
            case 'D' -> "D " + text.substring(6);
            default -> String.format(Locale.ROOT, "%c", type);
        };
    }

    private static String field(String text, char name) {
        for (String part : text.split("\0", -1)) {
            if (!part.isEmpty() && part.charAt(0) == name) {
                return part.substring(1);
            }
        }
        return "";
    }

    /** All up to the next ReadyForQuery, or to the end. */
    List<String> untilReady() throws IOException {
        List<String> seen = new ArrayList<>();
        do {
            seen.add(next());
        } while (!seen.getLast().startsWith("Z") && !seen.getLast().equals("end"));
        return seen;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
