package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Java's own WebSocket client: remembers every whole text message, and how it ended. Answers a Close by itself. */
public final class WebSocketClient implements Closeable {
    private static final int TIMEOUT_SECONDS = 20;

    private final HttpClient http = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final Ear ear = new Ear();
    private final WebSocket socket;

    private WebSocketClient(URI uri) throws Exception {
        socket = http.newWebSocketBuilder().buildAsync(uri, ear).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Opens one; returns when it is open. */
    public static WebSocketClient to(InetSocketAddress address, String target) throws Exception {
        return new WebSocketClient(URI.create("ws://127.0.0.1:" + address.getPort() + target));
    }

    /** Sends a text message and waits until it is written. */
    public void say(String text) throws Exception {
        socket.sendText(text, true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Those that are whole, as they came. */
    public List<String> messages() {
        return List.copyOf(ear.messages);
    }

    /** The code of the server's Close; throws ExecutionException when there was none before the end. */
    public int closeCode() throws Exception {
        return ear.closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private static final class Ear implements WebSocket.Listener {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                messages.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
