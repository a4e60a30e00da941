package dev.turnout.proxy.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    private final List<Log> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final RawUpstream upstream;

    public RecordingUpstream() throws IOException {
        upstream = new RawUpstream((connection, number) -> play(connection));
    }

    private void play(RawConnection connection) throws IOException {
        Log log = new Log();
        heard.add(log);
        byte[] block = new byte[16 * 1024];
        try {
            for (int bytes = connection.read(block); bytes > 0; bytes = connection.read(block)) {
                for (String asked : log.add(new String(block, 0, bytes, StandardCharsets.ISO_8859_1))) {
                    answered.incrementAndGet();
                    connection.send(
                            "HTTP/1.1 200 OK\r\nX-Asked: " + asked + "\r\nContent-Length: 0\r\n\r\n");
                }
            }
        } finally {
            log.end();
            ended.incrementAndGet();
        }
    }

    /** What came on one connection. Any thread. */
    private static final class Log {
        private final StringBuilder text = new StringBuilder();
        /** Where the first request begins that is not whole yet. */
        private int start;
        private boolean ended;

        /** The request lines of what has become whole by it. */
        synchronized List<String> add(String more) {
            text.append(more);
            String all = text.toString();
            List<String> whole = new ArrayList<>();
            for (int end = RecordingUpstream.end(all, start); end > 0; end = RecordingUpstream.end(all,
                    start)) {
                whole.add(all.substring(start, all.indexOf("\r\n", start)));
                start = end;
            }
            return whole;
        }

        synchronized void end() {
            ended = true;
        }

        synchronized boolean ended() {
            return ended;
        }

        synchronized void forgetWhole() {
            text.delete(0, start);
            start = 0;
        }

        synchronized String text() {
            return text.toString();
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

    /** How many connections were not heard to their end yet. */
    public int open() {
        return upstream.connections() - ended.get();
    }

    /**
     * Forgets ended connections and whole requests, and starts to count from 0. What is not whole stays: it belongs to
     * nobody who asked before.
     */
    public void forget() {
        heard.removeIf(Log::ended);
        heard.forEach(Log::forgetWhole);
        answered.set(0);
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
        return heard.stream().map(Log::text).toList();
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
