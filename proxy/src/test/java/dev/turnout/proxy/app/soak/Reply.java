package dev.turnout.proxy.app.soak;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client got for one request, in whole or in part. One thread. */
final class Reply {
    /** How it ended. */
    enum End {
        WHOLE,
        /** The connection was closed before a byte came. */
        NOTHING,
        /** The connection was closed inside of it, in order. */
        CUT, RESET
    }

    private final List<String> interim = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String head = "";
    private String trailers = "";
    private End end = End.RESET;

    private Reply() {}

    /** @param onContinue done when the other end says 100 */
    static Reply read(Wire wire, Ask ask, Runnable onContinue) throws IOException {
        Reply reply = new Reply();
        try {
            reply.end = wire.more() ? End.CUT : End.NOTHING;
            if (reply.end == End.CUT) {
                reply.readAll(wire, ask, onContinue);
                reply.end = End.WHOLE;
            }
        } catch (EOFException closed) {
            reply.end = End.CUT;
        } catch (SocketException reset) {
            reply.end = End.RESET;
        }
        return reply;
    }

    private void readAll(Wire wire, Ask ask, Runnable onContinue) throws IOException {
        String next = wire.head();
        while (next.startsWith("HTTP/1.1 1") && !next.startsWith("HTTP/1.1 101 ")) {
            interim.add(next);
            if (next.startsWith("HTTP/1.1 100 ")) {
                onContinue.run();
            }
            next = wire.head();
        }
        head = next;
        if (ask.verb() == Ask.Verb.HEAD || status() == 204 || status() == 101) {
            return;
        }
        if (Wire.field(head, "Transfer-Encoding") == null && Wire.field(head, "Content-Length") == null) {
            wire.rest(body);
        } else {
            trailers = wire.body(head, body);
        }
    }

    End end() {
        return end;
    }

    /** The heads of the interim answers. */
    List<String> interim() {
        return interim;
    }

    String head() {
        return head;
    }

    String trailers() {
        return trailers;
    }

    byte[] body() {
        return body.toByteArray();
    }

    int status() {
        return head.length() < 12 ? 0 : Integer.parseInt(head.substring(9, 12));
    }

    boolean says(String field, String value) {
        return value.equals(Wire.field(head, field));
    }

    /** Whether it is whole and the proxy's own, for this reason; an answer to HEAD cannot say the reason. */
    boolean refusal(int status, String code, boolean withBody) {
        return end == End.WHOLE && status() == status && Wire.field(head, "X-Token") == null
                && (!withBody || text().contains("\"code\":\"" + code + "\""));
    }

    private String text() {
        return new String(body(), StandardCharsets.ISO_8859_1);
    }

    /** Short, for a message. */
    @Override
    public String toString() {
        byte[] all = body();
        return end + " interim=" + interim.size() + " body=" + all.length + " bytes\n" + head
                + text().substring(0, Math.min(200, all.length));
    }
}
