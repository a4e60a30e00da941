package dev.turnout.proxy.testkit;

import dev.turnout.proxy.testkit.WebSocketPeer.Frame;
import java.io.IOException;
import java.util.function.Consumer;

/** A WebSocket (RFC 6455) that sends every frame back: of the same type, and in the same fragments. */
final class WebSocketEcho {
    private final RawConnection connection;
    private final StringBuilder heard = new StringBuilder();

    WebSocketEcho(RawConnection connection) {
        this.connection = connection;
    }

    /** Until the client closes. {@code onClose} gets the payload of all data frames, before the close is answered. */
    void serve(String key, Consumer<String> onClose) throws IOException {
        WebSocketPeer peer = WebSocketPeer.server(connection, key);
        while (true) {
            Frame frame = peer.read();
            if (!frame.masked()) {
                throw new IOException("a frame of the client: not masked (expected: masked, RFC 6455 5.1)");
            }
            switch (frame.opcode()) {
                case WebSocketPeer.CLOSE -> {
                    onClose.accept(heard.toString());
                    peer.send(frame.firstOctet(), frame.payload());
                    return;
                }
                case WebSocketPeer.PING ->
                    peer.send(WebSocketPeer.FINAL | WebSocketPeer.PONG, frame.payload());
                case WebSocketPeer.CONTINUATION, WebSocketPeer.TEXT, WebSocketPeer.BINARY -> {
                    heard.append(frame.payload());
                    peer.send(frame.firstOctet(), frame.payload());
                }
                default -> {
                    // A Pong nobody asked for.
                }
            }
        }
    }
}
