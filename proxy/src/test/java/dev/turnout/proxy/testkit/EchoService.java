package dev.turnout.proxy.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The service that real clients are tried with. Whatever it heard and said it keeps as a line, and so does the client:
 * when the lines agree, both legs carried the same bytes.
 *
 * <p>{@code /echo} sends the body back, {@code /bytes?n=5} as many bytes of {@link #pattern}, {@code /who} its name,
 * {@code /page} the page for browsers, {@code /empty} a 204; {@code /report} takes a text for the test, and
 * {@code /chat} is a WebSocket echo. A target with {@code chunked} in it is answered in chunks; with {@code trailer}
 * beside it, the checksum follows.
 */
public final class EchoService implements RawUpstream.Script {
    private static final Path PAGE = Path.of("src/test/resources/clients/page.html");
    private static final int CHUNK_BYTES = 10_007;

    private final String name;
    private final Queue<String> served = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> report = new CompletableFuture<>();

    public EchoService(String name) {
        this.name = name;
    }

    /** A line for each exchange: method, target, status, checksum of what was heard, and of what was said. */
    public List<String> served() {
        return List.copyOf(served);
    }

    /** Completes with what is sent to {@code /report}. */
    public CompletableFuture<String> report() {
        return report;
    }

    /** Lines of 16 bytes, cut off at {@code bytes}. */
    public static String pattern(int bytes) {
        return "0123456789abcde\n".repeat(bytes / 16 + 1).substring(0, bytes);
    }

    /** What stands for a body in a line; {@code body} has one char for each byte. */
    public static String checksum(String body) {
        return body.isEmpty() ? "-" : Digests.sha256(body);
    }

    @Override
    public void play(RawConnection connection, int number) throws IOException {
        while (true) {
            String head = connection.head();
            if (!field(head, "sec-websocket-key").isEmpty()) {
                WebSocketEcho echo = new WebSocketEcho(connection);
                echo.serve(field(head, "sec-websocket-key"),
                        heard -> note("WEBSOCKET", target(head), 101, heard, heard));
                return;
            }
            answer(connection, head, body(connection, head));
        }
    }

    private void answer(RawConnection connection, String head, String body) throws IOException {
        String method = head.substring(0, head.indexOf(' '));
        String target = target(head);
        String path = target.replaceFirst("\\?.*", "");
        String answer = switch (path) {
            case "/echo" -> body;
            case "/bytes" -> pattern(Integer.parseInt(target.replaceAll("\\D", "")));
            case "/who" -> name;
            case "/page" -> Files.readString(PAGE, StandardCharsets.ISO_8859_1);
            case "/empty" -> "";
            case "/report" -> {
                report.complete(body);
                yield "";
            }
            default -> throw new IOException("target: " + target + " (expected: one that is served)");
        };
        boolean bodiless = path.equals("/empty") || path.equals("/report");
        note(method, target, bodiless ? 204 : 200, body, method.equals("HEAD") ? "" : answer);
        if (bodiless) {
            connection.send("HTTP/1.1 204 No Content\r\n\r\n");
            return;
        }
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: "
                + (path.equals("/page") ? "text/html; charset=utf-8" : "application/octet-stream")
                + "\r\n" + framed(method, target, answer));
    }

    /** The end of the head, and the body. */
    private static String framed(String method, String target, String body) {
        if (!target.contains("chunked")) {
            return "Content-Length: " + body.length() + "\r\n\r\n" + (method.equals("HEAD") ? "" : body);
        }
        StringBuilder chunks = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
        for (String chunk : Bytes.fragments(body, CHUNK_BYTES)) {
            chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
        }
        String trailer = target.contains("trailer") ? "X-Checksum: " + checksum(body) + "\r\n" : "";
        return chunks.append("0\r\n").append(trailer).append("\r\n").toString();
    }

    private static String body(RawConnection connection, String head) throws IOException {
        if (field(head, "expect").equalsIgnoreCase("100-continue")) {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (!field(head, "transfer-encoding").equals("chunked")) {
            return connection.text(RawConnection.contentLength(head));
        }
        StringBuilder body = new StringBuilder();
        int size = Integer.parseInt(connection.line(), 16);
        while (size > 0) {
            body.append(connection.text(size)).append(connection.line());
            size = Integer.parseInt(connection.line(), 16);
        }
        while (!connection.line().isEmpty()) {
            // a trailer
        }
        return body.toString();
    }

    private void note(String method, String target, int status, String heard, String said) {
        served.add(method + " " + target + " " + status + " " + checksum(heard) + " " + checksum(said));
    }

    private static String target(String head) {
        return head.split(" ", 3)[1];
    }

    /** The value of a field with this lower-case name, or nothing. */
    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
