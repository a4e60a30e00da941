package dev.turnout.proxy.app.pgsoak;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A client's end of a connection: sends exactly what it is told to, and hears every message as it is. One thread. */
public final class PgWire implements Closeable {
    private static final int TIMEOUT_MILLIS = 40_000;
    private static final int NARROW_BYTES = 8 * 1024;
    /** A message that is longer than any which is asked for here. */
    private static final int MAX_BODY_BYTES = 1 << 30;

    /** One of the server's. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Message(char type, byte[] body) {
        /** The value of a field of an error or a notice; empty when it has none. */
        public String field(char name) {
            int at = 0;
            while (at < body.length && body[at] != 0) {
                int end = at;
                while (body[end] != 0) {
                    end++;
                }
                if (body[at] == name) {
                    return new String(body, at + 1, end - at - 1, StandardCharsets.UTF_8);
                }
                at = end + 1;
            }
            return "";
        }

        public String sqlState() {
            return field('C');
        }
    }

    private final InetSocketAddress address;
    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private int pid;
    private byte[] key = new byte[0];

    private PgWire(InetSocketAddress address, boolean narrow) throws IOException {
        this.address = address;
        if (narrow) {
            socket.setReceiveBufferSize(NARROW_BYTES);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** Has said nothing yet. {@code narrow}: the other end feels it after a few kilobytes that are not read. */
    public static PgWire open(InetSocketAddress address, boolean narrow) throws IOException {
        return new PgWire(address, narrow);
    }

    /** Is let in without a password. */
    public static PgWire to(InetSocketAddress address, Map<String, String> parameters) throws IOException {
        PgWire wire = open(address, false);
        wire.start(parameters);
        return wire;
    }

    /** Logs in without a password; throws what the other end says when it does not let it in. */
    public void start(Map<String, String> parameters) throws IOException {
        send(Messages.startup(parameters));
        Message message = next();
        while (message.type != 'Z') {
            if (message.type == 'E') {
                throw new Refused(message);
            }
            if (message.type == 'K') {
                pid = ByteBuffer.wrap(message.body).getInt();
                key = Arrays.copyOfRange(message.body, Integer.BYTES, message.body.length);
            }
            message = next();
        }
    }

    /** Not let in. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final String sqlState;

        Refused(Message message) {
            super(message.sqlState() + " " + message.field('M'));
            sqlState = message.sqlState();
        }

        public String sqlState() {
            return sqlState;
        }
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    public void send(Messages messages) throws IOException {
        send(messages.bytes());
    }

    /** Waits for it. */
    public Message next() throws IOException {
        char type = (char) in.readUnsignedByte();
        int bytes = in.readInt() - Integer.BYTES;
        if (bytes < 0 || bytes > MAX_BODY_BYTES) {
            throw new IOException(
                    "body of '" + type + "': " + bytes + " bytes (expected: 0.." + MAX_BODY_BYTES + ")");
        }
        byte[] body = new byte[bytes];
        in.readFully(body);
        return new Message(type, body);
    }

    /** Reads this type and passes over all before it. */
    public Message next(char type) throws IOException {
        Message message = next();
        while (message.type != type) {
            message = next();
        }
        return message;
    }

    /** The bytes as they come; -1 at the end. */
    public int read(byte[] into) throws IOException {
        return in.read(into);
    }

    /** The beginning of a message; answers how long its body is, which is to be read by {@link #read(byte[])}. */
    public long head(char expected) throws IOException {
        char type = (char) in.readUnsignedByte();
        if (type != expected) {
            throw new IOException("message: '" + type + "' (expected: '" + expected + "')");
        }
        return (long) in.readInt() - Integer.BYTES;
    }

    /** Has the other end cancel the running command; returns when it has taken note. */
    public void cancel(byte... withKey) throws IOException {
        try (PgWire other = open(address, false)) {
            other.send(Messages.cancel(pid, withKey));
            if (other.in.read() >= 0) {
                throw new EOFException("a cancel request was answered");
            }
        }
    }

    public int pid() {
        return pid;
    }

    public byte[] key() {
        return key.clone();
    }

    /** Waits that long at most. */
    public boolean hasMoreWithin(int millis) throws IOException {
        in.mark(1);
        socket.setSoTimeout(millis);
        try {
            boolean more = in.read() >= 0;
            in.reset();
            return more;
        } catch (SocketTimeoutException nothing) {
            return false;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    /** Closes with TCP RST. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Says that nothing more is sent, and goes on hearing. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
