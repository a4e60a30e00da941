package dev.turnout.bench.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 connection of the load; one request at a time, blocking. It never tries anything twice: the JDK's
 * client would silently repeat a GET whose connection broke, and so hide the very thing that the load looks for.
 */
final class LoadConnection implements AutoCloseable {
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_BODY = 1024 * 1024;

    /**
     * @param headers names in lower case; of a repeated one the last
     * @param reusable whether the connection may carry another request
     */
    record Response(int status, Map<String, String> headers, String body, boolean reusable) {}

    private final Socket socket;
    private final InputStream in;
    private long idleSinceNanos;

    private LoadConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Opens a connection that gives up on a connect or on a read after {@code timeout}. */
    static LoadConnection open(InetSocketAddress address, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            return new LoadConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends {@code GET /} with this cookie and reads the whole answer. */
    Response get(String cookie) throws IOException {
        return get("/", Map.of("Cookie", cookie));
    }

    /** Sends a GET with these headers and reads the whole answer. */
    Response get(String path, Map<String, String> headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: demo\r\n");
        headers.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream()
                .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        return response();
    }

    private Response response() throws IOException {
        String statusLine = line();
        if (!statusLine.matches("HTTP/1\\.1 [1-5]\\d\\d( .*)?")) {
            throw new ProtocolException("status line: " + statusLine + " (expected: HTTP/1.1)");
        }
        int status = Integer.parseInt(statusLine, 9, 12, 10);
        Map<String, String> headers = fields();
        String length = headers.get("content-length");
        byte[] body;
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            body = chunks();
        } else if (length != null) {
            body = exactly(size(length, 10));
        } else {
            body = in.readNBytes(MAX_BODY);
        }
        boolean framed = length != null || headers.containsKey("transfer-encoding");
        boolean reusable = framed && !"close".equalsIgnoreCase(headers.get("connection"));
        return new Response(status, headers, new String(body, StandardCharsets.UTF_8), reusable);
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("header field: " + line + " (expected: name: value)");
            }
            fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return fields;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = size(line(), 16); size > 0; size = size(line(), 16)) {
            body.write(exactly(size));
            if (!line().isEmpty() || body.size() > MAX_BODY) {
                throw new ProtocolException(
                        "chunk: no line end after " + size + " bytes, or a body over " + MAX_BODY);
            }
        }
        fields();
        return body.toByteArray();
    }

    private static int size(String text, int radix) throws ProtocolException {
        try {
            int size = Integer.parseInt(text, radix);
            if (size >= 0 && size <= MAX_BODY) {
                return size;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new ProtocolException("body length: " + text + " (expected: 0.." + MAX_BODY + ")");
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "connection closed after " + bytes.length + " of " + length + " body bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException(line.isEmpty()
                        ? "connection closed where an answer was expected"
                        : "connection closed after \"" + line + "\"");
            }
            if (line.length() >= MAX_LINE) {
                throw new ProtocolException("line: over " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    /** Whether the other end closed it, or sent what nobody asked for. Only while it waits for no answer; takes a millisecond. */
    boolean ended() {
        try {
            int timeout = socket.getSoTimeout();
            socket.setSoTimeout(1);
            try {
                in.read();
                return true;
            } finally {
                socket.setSoTimeout(timeout);
            }
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    void idleSince(long nanos) {
        idleSinceNanos = nanos;
    }

    long idleSince() {
        return idleSinceNanos;
    }

    /** Closes; a request under way on another thread fails. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
