package dev.turnout.proxy.testkit;

import java.io.EOFException;
import java.io.IOException;

/** One end of a WebSocket (RFC 6455), frame by frame; payloads are text with one char for each byte. */
public final class WebSocketPeer {
    public static final int FINAL = 0x80;
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;
    private static final String MASK = "7\u00fa!=";

    private final RawConnection connection;
    private final boolean client;

    /**
     * One frame, its payload without the mask.
     *
     * @param firstOctet {@link #FINAL} or not, and the opcode
     */
    public record Frame(int firstOctet, boolean masked, String payload) {
        public int opcode() {
            return firstOctet & OPCODE;
        }

        /** Of a Close frame. */
        public int closeCode() {
            return number(payload.substring(0, 2));
        }
    }

    private WebSocketPeer(RawConnection connection, boolean client) {
        this.connection = connection;
        this.client = client;
    }

    /** Asks for a WebSocket, and returns when there is one. */
    public static WebSocketPeer client(RawConnection connection, String target) throws IOException {
        connection.send(request(target));
        String head = connection.head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("answer: " + head + " (expected: 101)");
        }
        return new WebSocketPeer(connection, true);
    }

    /** The client's handshake. */
    public static String request(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";
    }

    /** The server's handshake, for this Sec-WebSocket-Key. */
    public static String answer(String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + Digests.sha1InBase64(key + GUID) + "\r\n\r\n";
    }

    /** Reads the request of a client and agrees. */
    public static WebSocketPeer server(RawConnection connection) throws IOException {
        String head = connection.head();
        String field = "sec-websocket-key:";
        String key = head.lines()
                .filter(line -> line.regionMatches(true, 0, field, 0, field.length()))
                .map(line -> line.substring(field.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException("request: " + head + " (expected: a WebSocket's)"));
        return server(connection, key);
    }

    /** Agrees to the request with this Sec-WebSocket-Key, which is read already. */
    static WebSocketPeer server(RawConnection connection, String key) throws IOException {
        connection.send(answer(key));
        return new WebSocketPeer(connection, false);
    }

    /** The next one; throws EOFException when the other end closes before it is whole. */
    public Frame read() throws IOException {
        String start = exactly(2);
        int second = start.charAt(1);
        int length = second & ~MASKED;
        if (length == LENGTH_IN_2) {
            length = number(exactly(2));
        } else if (length == LENGTH_IN_8) {
            length = number(exactly(8));
        }
        boolean masked = (second & MASKED) != 0;
        String mask = masked ? exactly(4) : "\0\0\0\0";
        return new Frame(start.charAt(0), masked, xor(exactly(length), mask));
    }

    public void send(int firstOctet, String payload) throws IOException {
        connection.send(octets(firstOctet, payload));
    }

    public void sendClose(int code, String reason) throws IOException {
        send(FINAL | CLOSE, octets(code, 2) + reason);
    }

    /** A frame as this end sends it. */
    public String octets(int firstOctet, String payload) {
        int length = payload.length();
        int mask = client ? MASKED : 0;
        StringBuilder frame = new StringBuilder().append((char) firstOctet);
        if (length < LENGTH_IN_2) {
            frame.append((char) (mask | length));
        } else if (length < 1 << 16) {
            frame.append((char) (mask | LENGTH_IN_2)).append(octets(length, 2));
        } else {
            frame.append((char) (mask | LENGTH_IN_8)).append(octets(length, 8));
        }
        return client
                ? frame.append(MASK).append(xor(payload, MASK)).toString()
                : frame.append(payload).toString();
    }

    /** What it speaks through. */
    public RawConnection connection() {
        return connection;
    }

    private String exactly(int octets) throws IOException {
        String text = connection.text(octets);
        if (text.length() < octets) {
            throw new EOFException("frame: " + text.length() + " octets (expected: " + octets + ")");
        }
        return text;
    }

    private static String xor(String payload, String mask) {
        char[] octets = payload.toCharArray();
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= mask.charAt(i % 4);
        }
        return new String(octets);
    }

    private static int number(String octets) {
        return octets.chars().reduce(0, (number, octet) -> number << 8 | octet);
    }

    private static String octets(int number, int count) {
        StringBuilder octets = new StringBuilder();
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            octets.append((char) ((long) number >>> shift & 0xff));
        }
        return octets.toString();
    }
}
