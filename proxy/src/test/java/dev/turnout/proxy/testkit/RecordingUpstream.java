package dev.turnout.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * An endpoint that writes down every byte it receives, and answers each whole request with its own request line in
 * {@code X-Asked}. Whole is what a strict server calls so; what is not stays in the log, unanswered.
 */
public final class RecordingUpstream implements Closeable {
    private static final Pattern SIZE = Pattern.compile("[0-9A-Fa-f]{1,7}");
    /** What a proxy adds on the way; everything else comes from the client. */
    private static final Pattern ADDED = Pattern.compile(
            "^(?:x-forwarded-(?:for|proto|host|port)|forwarded|via|x-request-id|traceparent): .*\r\n",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final List<ByteArrayOutputStream> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final RawUpstream upstream;

    public RecordingUpstream() throws IOException {
        upstream = new RawUpstream((connection, number) -> play(connection));
    }

    private void play(RawConnection connection) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        heard.add(log);
        byte[] block = new byte[16 * 1024];
        int start = 0;
        for (int bytes = connection.read(block); bytes > 0; bytes = connection.read(block)) {
            log.write(block, 0, bytes);
            String text = log.toString(StandardCharsets.ISO_8859_1);
            for (int end = end(text, start); end > 0; end = end(text, start)) {
                answered.incrementAndGet();
                connection.send(
                        "HTTP/1.1 200 OK\r\nX-Asked: " + text.substring(start, text.indexOf("\r\n", start))
                                + "\r\nContent-Length: 0\r\n\r\n");
                start = end;
            }
        }
    }

    /** Where the request that begins at {@code from} ends; -1 when it is not whole. */
    private static int end(String text, int from) {
        int body = text.indexOf("\r\n\r\n", from) + 4;
        if (body < 4) {
            return -1;
        }
        String head = text.substring(from, body);
        if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding:")) {
            return endOfChunks(text, body);
        }
        int end = body + RawConnection.contentLength(head);
        return end <= text.length() ? end : -1;
    }

    private static int endOfChunks(String text, int body) {
        int at = body;
        for (int lineEnd = text.indexOf("\r\n", at); lineEnd > 0; lineEnd = text.indexOf("\r\n", at)) {
            String digits = text.substring(at, lineEnd);
            if (!SIZE.matcher(digits).matches()) {
                return -1;
            }
            int size = Integer.parseInt(digits, 16);
            if (size == 0) {
                int end = text.indexOf("\r\n\r\n", lineEnd);
                return end < 0 ? -1 : end + 4;
            }
            at = lineEnd + 2 + size + 2;
        }
        return -1;
    }

    public int port() {
        return upstream.port();
    }

    /** How many whole requests came. */
    public int answered() {
        return answered.get();
    }

    /** Every byte that came so far, connection by connection, without the fields that a proxy adds. */
    public List<String> heard() {
        return raw().stream().map(RecordingUpstream::withoutAdded).toList();
    }

    /** As {@link #heard}, with those fields. */
    public List<String> raw() {
        return heard.stream().map(log -> log.toString(StandardCharsets.ISO_8859_1)).toList();
    }

    /** A message without the fields that a proxy adds. */
    public static String withoutAdded(String message) {
        return ADDED.matcher(message).replaceAll("");
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
