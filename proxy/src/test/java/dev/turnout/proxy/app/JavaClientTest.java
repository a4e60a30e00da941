package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.Bytes;
import dev.turnout.proxy.testkit.CountingRelay;
import dev.turnout.proxy.testkit.EchoService;
import dev.turnout.proxy.testkit.LeakCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Java's HttpClient, one of the real clients: {@link RealClientsTest} has the others. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@ExtendWith(LeakCheck.class)
class JavaClientTest {
    private static final String BIG = random(3_000_000);

    @TempDir
    private Path stateDir;
    private Rig rig;
    private final EchoService service = new EchoService("blue");
    private final List<String> told = new ArrayList<>();
    private CountingRelay way;

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SplittableRandom().nextBytes(random);
        return new String(random, StandardCharsets.ISO_8859_1);
    }

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(stateDir);
        rig.start(rig.upstream(service));
        way = rig.closing(new CountingRelay(rig.address()));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static BodyPublisher sized(String body) {
        return body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Bytes.bytes(body));
    }

    /** Java sends it in chunks: it does not know how much will come. */
    private static BodyPublisher streamed(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(Bytes.bytes(body)));
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(way.origin() + target));
    }

    /** Checks the answer, and keeps a line of it as the service does. */
    private HttpResponse<byte[]> ask(HttpClient client, HttpRequest request, int status, String sent,
            String expected) throws Exception {
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1).equals(expected))
                .as("the body of %s", request.uri()).isTrue();
        told.add(request.method() + " " + request.uri().getPath()
                + (request.uri().getQuery() == null ? "" : "?" + request.uri().getQuery()) + " " + status
                + " " + EchoService.checksum(sent) + " " + EchoService.checksum(expected));
        return answer;
    }

    /** With HTTP_2, the default, the client asks for an upgrade to h2c by its first request. */
    @ParameterizedTest
    @EnumSource(value = Version.class, names = {"HTTP_1_1", "HTTP_2"})
    void sendsAndGetsBodiesOverOneConnection(Version version) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(version).proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            String pattern = EchoService.pattern(1_000_000);
            ask(client, request("/echo?length").POST(sized(BIG)).build(), 200, BIG, BIG);
            ask(client, request("/echo?chunked").PUT(streamed(BIG)).build(), 200, BIG, BIG);
            ask(client, request("/echo?expect").expectContinue(true).POST(sized(BIG)).build(), 200, BIG, BIG);
            ask(client, request("/bytes?n=1000000").build(), 200, "", pattern);
            ask(client, request("/bytes?n=1000000&chunked").build(), 200, "", pattern);
            ask(client, request("/empty").build(), 204, "", "");
            HttpResponse<byte[]> head = ask(client, request("/bytes?n=12345").HEAD().build(), 200, "", "");
            assertThat(head.headers().firstValue("content-length")).contains("12345");
            assertThat(head.version()).isEqualTo(Version.HTTP_1_1);
        }
        assertThat(told).isEqualTo(service.served());
        assertThat(way.connections()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(rig.metric("turnout_requests_total"))
                .isEqualTo(rig.metric("turnout_requests_total{outcome=\"2xx\"")).isEqualTo(told.size()));
    }

    @Test
    void talksOverAWebSocket() throws Exception {
        Ear ear = new Ear();
        String binary = random(300_000);
        try (HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(way.origin().replace("http:", "ws:") + "/chat"), ear).get();
            socket.sendText("in two ", false).get();
            socket.sendText("fragments", true).get();
            socket.sendPing(ByteBuffer.wrap(Bytes.bytes("ping"))).get();
            socket.sendBinary(ByteBuffer.wrap(Bytes.bytes(binary)), true).get();
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get();
            assertThat(ear.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1000 bye");
        }
        String sum = EchoService.checksum("in two fragments" + binary);
        assertThat(service.served()).containsExactly("WEBSOCKET /chat 101 " + sum + " " + sum);
        assertThat(ear.text).hasToString("in two fragments");
        assertThat(ear.binary.toByteArray()).isEqualTo(Bytes.bytes(binary));
        assertThat(ear.pong).isEqualTo("ping");
    }

    /** Hears one callback at a time, and is read when the last has come. */
    private static final class Ear implements WebSocket.Listener {
        final StringBuilder text = new StringBuilder();
        final ByteArrayOutputStream binary = new ByteArrayOutputStream();
        String pong = "";
        final CompletableFuture<String> closed = new CompletableFuture<>();

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            binary.writeBytes(bytes(data));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            pong = new String(bytes(message), StandardCharsets.ISO_8859_1);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
