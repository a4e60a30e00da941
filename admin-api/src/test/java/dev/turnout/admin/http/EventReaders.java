package dev.turnout.admin.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that read an event stream, or do not. */
final class EventReaders implements AutoCloseable {
    private final List<Reader> readers = new ArrayList<>();

    EventReaders() {}

    /** One connection, whose head was read. */
    record Reader(Socket socket, BufferedReader lines, String status) {
        /** The next message, as its lines; comments are left out. Fails when the stream ends. */
        String next() throws IOException {
            StringBuilder message = new StringBuilder();
            for (String line = line(); !line.isEmpty() || message.isEmpty(); line = line()) {
                if (!line.isEmpty() && !line.startsWith(":") && !line.matches("[0-9a-f]+")) {
                    message.append(line).append('\n');
                }
            }
            return message.toString();
        }

        /** The next line; of chunks their sizes, too. */
        String line() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the stream ended");
            }
            return line;
        }

        /** Reads until the server ends the connection. */
        void toTheEnd() throws IOException {
            while (lines.readLine() != null) {
                // what it says does not matter
            }
        }
    }

    /** So many, from now on. */
    static EventReaders open(AdminFixture admin, int count) throws IOException {
        EventReaders readers = new EventReaders();
        for (int i = 0; i < count; i++) {
            readers.add(admin, "", "");
        }
        return readers;
    }

    Reader add(AdminFixture admin, String query, String headers) throws IOException {
        Socket socket = new Socket(admin.uri().getHost(), admin.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET /api/v1/events" + query
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + AdminFixture.VIEWER + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String status = lines.readLine();
        Reader reader = new Reader(socket, lines, status == null ? "" : status);
        while (!reader.line().isEmpty()) {
            // the head
        }
        readers.add(reader);
        return reader;
    }

    int size() {
        return readers.size();
    }

    @Override
    public void close() throws IOException {
        for (Reader reader : readers) {
            reader.socket().close();
        }
    }

    /** Logs in; the cookie as a browser sends it. */
    static String cookie(AdminFixture admin, String token) throws IOException, InterruptedException {
        var response = admin.send(admin.request("/api/v1/session").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"token\":\"" + token + "\"}")));
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }
}
