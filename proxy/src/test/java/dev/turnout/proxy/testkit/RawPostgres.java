package dev.turnout.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client that sends exactly what it is told to and hears every message as it is. Waits at most 20 seconds.
 * One thread.
 */
public final class RawPostgres implements Closeable {
    public static final int VERSION_3_0 = 3 << 16;
    public static final int VERSION_3_2 = 3 << 16 | 2;

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;
    private static final int GSS = 80877104;

    /** One of the server's. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Message(byte type, byte[] body) {
        /** A character for each byte. */
        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        /** Of an error or a notice; empty when it has no such field. */
        public String field(char name) {
            return Arrays.stream(text().split("\0", -1))
                    .filter(field -> !field.isEmpty() && field.charAt(0) == name)
                    .map(field -> field.substring(1)).findFirst().orElse("");
        }

        public ByteBuffer bytes() {
            return ByteBuffer.wrap(body);
        }

        /** {@code 28P01 password authentication failed}, of an error. */
        public String error() {
            return field('C') + " " + field('M');
        }

        @Override
        public String toString() {
            return (char) type + ":" + text().replace('\0', '|');
        }
    }

    private final InetSocketAddress address;
    private Socket socket;
    private DataInputStream in;
    private OutputStream out;
    private int pid;
    private byte[] key = new byte[0];

    private RawPostgres(InetSocketAddress address) throws IOException {
        this.address = address;
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connected, and nothing said yet. */
    public static RawPostgres open(InetSocketAddress address) throws IOException {
        return new RawPostgres(address);
    }

    /** Returns when the session is there and idle, without a password. {@code parameters}: those of the startup packet. */
    public static RawPostgres to(InetSocketAddress address, Map<String, String> parameters)
            throws IOException {
        RawPostgres client = new RawPostgres(address);
        try {
            client.startup(VERSION_3_0, parameters);
            client.untilReady();
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    /** As {@link #to}, over the connection of this one, with its password. */
    public List<Message> login(int version, String password, Map<String, String> parameters)
            throws IOException {
        startup(version, parameters);
        new RawScram(this).login(password);
        return untilReady();
    }

    public void startup(int version, Map<String, String> parameters) throws IOException {
        send(startupPacket(version, parameters));
    }

    public static byte[] startupPacket(int version, Map<String, String> parameters) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(packet);
        data.writeInt(version);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            data.write((parameter.getKey() + "\0" + parameter.getValue() + "\0")
                    .getBytes(StandardCharsets.UTF_8));
        }
        data.write(0);
        return framed(packet.toByteArray());
    }

    /** Everything up to and with the first ReadyForQuery; an error before it is an exception. */
    public List<Message> untilReady() throws IOException {
        List<Message> heard = new ArrayList<>();
        Message message;
        do {
            message = next();
            heard.add(message);
            if (message.type == 'E') {
                throw new IOException("refused: " + message.error());
            }
            if (message.type == 'K') {
                pid = message.bytes().getInt();
                key = Arrays.copyOfRange(message.body, Integer.BYTES, message.body.length);
            }
        } while (message.type != 'Z');
        return heard;
    }

    /** Everything up to and with the next ReadyForQuery, errors included. */
    public List<Message> answers() throws IOException {
        List<Message> heard = new ArrayList<>();
        do {
            heard.add(next());
        } while (heard.getLast().type != 'Z');
        return heard;
    }

    /** The rows of one statement, the columns of each with {@code |} between them; of an error its code and text. */
    public List<String> query(String sql) throws IOException {
        send((byte) 'Q', (sql + "\0").getBytes(StandardCharsets.UTF_8));
        return answers().stream().filter(message -> message.type == 'D' || message.type == 'E')
                .map(message -> message.type == 'E' ? message.error() : row(message.bytes())).toList();
    }

    private static String row(ByteBuffer row) {
        List<String> columns = new ArrayList<>();
        int count = row.getShort();
        for (int i = 0; i < count; i++) {
            int length = row.getInt();
            byte[] value = new byte[Math.max(0, length)];
            row.get(value);
            columns.add(length < 0 ? "null" : new String(value, StandardCharsets.UTF_8));
        }
        return columns.stream().collect(Collectors.joining("|"));
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length).putInt(Integer.BYTES + body.length).put(body)
                .array();
    }

    public static byte[] sslRequest() {
        return framed(ByteBuffer.allocate(Integer.BYTES).putInt(SSL).array());
    }

    public static byte[] gssRequest() {
        return framed(ByteBuffer.allocate(Integer.BYTES).putInt(GSS).array());
    }

    public static byte[] cancelRequest(int pid, byte[] key) {
        return framed(ByteBuffer.allocate(2 * Integer.BYTES + key.length).putInt(CANCEL).putInt(pid).put(key)
                .array());
    }

    /** Sends this and answers the one byte that comes back, -1 for the end. */
    public int ask(byte[] bytes) throws IOException {
        send(bytes);
        return in.read();
    }

    /** From now on all goes through TLS. {@code alpn}: null for none. */
    public void encrypt(SSLContext context, @Nullable String alpn) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost",
                address.getPort(), true);
        if (alpn != null) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[]{alpn});
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        socket = tls;
        in = new DataInputStream(tls.getInputStream());
        out = tls.getOutputStream();
    }

    /** One message, or several. */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends one message. */
    public void send(byte type, byte[] body) throws IOException {
        byte[] framed = framed(body);
        send(ByteBuffer.allocate(1 + framed.length).put(type).put(framed).array());
    }

    /** Whether something is there already. */
    public boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    /** Waits for it. */
    public Message next() throws IOException {
        byte type = in.readByte();
        byte[] body = new byte[in.readInt() - Integer.BYTES];
        in.readFully(body);
        return new Message(type, body);
    }

    /** Whether the peer has ended the connection, or broken it, without another byte. Waits for it. */
    public boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException _) {
            return true;
        }
    }

    /** Asks for the running command to be cancelled; returns when the server has taken note. */
    public void cancel() throws IOException {
        cancel(pid, key);
    }

    /** With a key of one's own; returns when the server has taken note. */
    public void cancel(int of, byte[] with) throws IOException {
        try (RawPostgres other = open(address)) {
            if (other.ask(cancelRequest(of, with)) >= 0) {
                throw new EOFException("a cancel request was answered");
            }
        }
    }

    /** As BackendKeyData told it. */
    public int pid() {
        return pid;
    }

    /** As BackendKeyData told it. */
    public byte[] key() {
        return key.clone();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
