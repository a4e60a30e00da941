package dev.turnout.proxy.testkit;

import java.io.IOException;
import java.util.function.Consumer;

/** A WebSocket (RFC 6455) that sends every frame back: of the same type, and in the same fragments. */
final class WebSocketEcho {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x08;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;

    private final RawConnection connection;
    private final StringBuilder heard = new StringBuilder();

    WebSocketEcho(RawConnection connection) {
        this.connection = connection;
    }

    /** Until the client closes. {@code onClose} gets the payload of all data frames, before the close is answered. */
    void serve(String key, Consumer<String> onClose) throws IOException {
        connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + Digests.sha1InBase64(key + GUID) + "\r\n\r\n");
        while (true) {
            String start = connection.text(2);
            int opcode = start.charAt(0) & OPCODE;
            String payload = payload(start.charAt(1));
            if (opcode == CLOSE) {
                onClose.accept(heard.toString());
                send(start.charAt(0), payload);
                return;
            }
            if (opcode == PING) {
                send((char) (start.charAt(0) - PING + PONG), payload);
            } else if (opcode < CONTROL) {
                heard.append(payload);
                send(start.charAt(0), payload);
            }
        }
    }

    private String payload(int lengthOctet) throws IOException {
        if ((lengthOctet & MASKED) == 0) {
            throw new IOException("a frame of the client: not masked (expected: masked, RFC 6455 5.1)");
        }
        int length = lengthOctet - MASKED;
        if (length == LENGTH_IN_2) {
            length = number(connection.text(2));
        } else if (length == LENGTH_IN_8) {
            length = number(connection.text(8));
        }
        String mask = connection.text(4);
        StringBuilder payload = new StringBuilder(connection.text(length));
        for (int i = 0; i < length; i++) {
            payload.setCharAt(i, (char) (payload.charAt(i) ^ mask.charAt(i % 4)));
        }
        return payload.toString();
    }

    private void send(char firstOctet, String payload) throws IOException {
        int length = payload.length();
        StringBuilder frame = new StringBuilder().append(firstOctet);
        if (length < LENGTH_IN_2) {
            frame.append((char) length);
        } else if (length < 1 << 16) {
            frame.append((char) LENGTH_IN_2).append(octets(length, 2));
        } else {
            frame.append((char) LENGTH_IN_8).append(octets(length, 8));
        }
        connection.send(frame.append(payload).toString());
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
