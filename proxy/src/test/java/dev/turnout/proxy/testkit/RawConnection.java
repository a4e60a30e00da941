package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** One end of a TCP connection that says exactly what it is told to, and hears exactly what was sent. */
public final class RawConnection implements Closeable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public static RawConnection to(InetSocketAddress address) throws IOException {
        return new RawConnection(new Socket(address.getAddress(), address.getPort()));
    }

    /** A client that takes little at a time: the sender feels it after a few kilobytes. */
    public static RawConnection narrowTo(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        return new RawConnection(socket);
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Up to and including the empty line. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) octet());
        }
        return head.toString();
    }

    /** Up to the next CRLF, without it. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || !line.substring(line.length() - 2).equals("\r\n")) {
            line.append((char) octet());
        }
        return line.substring(0, line.length() - 2);
    }

    public String text(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /** A head, and as much body as its Content-Length says. */
    public String message() throws IOException {
        String head = head();
        return head + text(contentLength(head));
    }

    /** Everything until the other end closes. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether something is there already. */
    public boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    /** What is there already, without waiting. */
    public String available() throws IOException {
        return text(in.available());
    }

    /** Up to {@code into.length} bytes; -1 at the end. */
    public int read(byte[] into) throws IOException {
        return in.read(into);
    }

    /** Whether the other end closes, after whatever it still says, without a reset. */
    public boolean endsInOrder() throws IOException {
        try {
            rest();
            return true;
        } catch (SocketException reset) {
            return false;
        }
    }

    /** Whether the rest ends with a reset, or before the Content-Length or the last chunk that it should have. */
    public boolean breaksOff() throws IOException {
        try {
            String rest = rest();
            int body = rest.indexOf("\r\n\r\n") + 4;
            return rest.contains("Transfer-Encoding: chunked")
                    ? !rest.endsWith("0\r\n\r\n")
                    : rest.length() - body < contentLength(rest);
        } catch (SocketException reset) {
            return true;
        }
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the other end closed inside a head");
        }
        return octet;
    }

    public static int contentLength(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
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
