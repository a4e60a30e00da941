package dev.turnout.proxy.app.soak;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/** The answer to one request, given in the way that the request asks for. One thread. */
final class Answer {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String POISON_ANSWER = OK + "Content-Length: 6\r\nX-Poison: yes\r\n\r\n"
            + Proof.POISON;
    private static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n";
    private static final int LARGE_HEAD_BYTES = 40 * 1024;
    private static final int FLOOD = 150;
    private static final String PAD = "X-Pad: ";

    private final Books books;
    private final Wire wire;
    private final SplittableRandom random;
    private final boolean withBody;
    private final boolean http10;
    private final boolean upgrade;
    private final String fields;
    private final byte[] body;

    /** @param fields what every answer of this endpoint to this request says */
    Answer(Books books, Wire wire, SplittableRandom random, String request, String fields) {
        this.books = books;
        this.wire = wire;
        this.random = random;
        withBody = !request.startsWith("HEAD ");
        http10 = request.contains(" HTTP/1.0\r\n");
        upgrade = Wire.field(request, "Upgrade") != null;
        body = Proof.answered(Objects.requireNonNull(Wire.field(request, "X-Token")),
                Integer.parseInt(Objects.requireNonNull(Wire.field(request, "X-Answer-Bytes"))));
        this.fields = fields + "X-Sum: " + Proof.sum(body) + "\r\n";
    }

    private void send(String text) throws IOException {
        wire.connection().send(text);
    }

    private void send(byte[] bytes) throws IOException {
        wire.connection().send(bytes);
    }

    private byte[] length(String more) {
        byte[] head = Wire.ascii(OK + fields + more + "Content-Length: " + body.length + "\r\n\r\n");
        return withBody ? Wire.joined(head, body) : head;
    }

    void whole() throws IOException {
        send(length(""));
    }

    /** Answers whether the connection stays. */
    boolean play(Deed deed) throws IOException {
        return switch (deed.ending()) {
            case WHOLE -> good(deed);
            case REFUSED -> noAnswer(deed);
            case BROKEN -> half(deed);
            case TUNNEL -> tunnel(deed);
        };
    }

    private boolean good(Deed deed) throws IOException {
        switch (deed) {
            case PIECES -> pieces(length(""), 1 + random.nextInt(12), 3);
            case SLOW -> pieces(length(""), 20, 60);
            case CHUNKED -> chunked();
            case INTERIM -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    send(HINT + fields + "\r\n");
                }
                whole();
            }
            case EMPTY -> send("HTTP/1.1 204 No Content\r\n" + fields + "\r\n");
            case EXTRA -> send(Wire.joined(length(""), Wire.ascii(POISON_ANSWER)));
            case EXTRA_ALIGNED -> send(Wire.joined(aligned(), Wire.ascii(POISON_ANSWER)));
            case UNTIL_CLOSE -> {
                send(OK + fields + "\r\n");
                pieces(withBody ? body : new byte[0], 4, 5);
                return false;
            }
            case CLOSE_SAID -> {
                send(length("Connection: close\r\n"));
                send(POISON_ANSWER);
                return false;
            }
            case CLOSE_UNSAID -> {
                books.closesSilently();
                whole();
                return false;
            }
            default -> whole();
        }
        return true;
    }

    private void pieces(byte[] all, int count, int mostMillis) throws IOException {
        int from = 0;
        for (int left = count; left > 1 && from < all.length; left--) {
            int to = from + 1 + random.nextInt(Math.max(1, 2 * (all.length - from) / left));
            to = Math.min(to, all.length);
            send(Arrays.copyOfRange(all, from, to));
            from = to;
            books.pause(random.nextInt(mostMillis));
        }
        send(Arrays.copyOfRange(all, from, all.length));
    }

    private void chunked() throws IOException {
        if (http10) {
            // What a client of HTTP/1.0 would not understand, an honest endpoint does not send.
            whole();
            return;
        }
        byte[] head = Wire.ascii(OK + fields + "Transfer-Encoding: chunked\r\n\r\n");
        byte[] chunks = Wire.chunked(body, "X-Tail: " + Proof.sum(body) + "\r\n", random);
        pieces(withBody ? Wire.joined(head, chunks) : head, 1 + random.nextInt(6), 3);
    }

    /** The head made longer, so that it and the body are as many bytes as a power of two. */
    private byte[] aligned() {
        int bare = length(PAD + "\r\n").length;
        int target = 2048;
        while (target < bare) {
            target *= 2;
        }
        return length(PAD + "p".repeat(target - bare) + "\r\n");
    }

    private boolean noAnswer(Deed deed) throws IOException {
        switch (deed) {
            case CLOSE_FIRST -> {
                return false;
            }
            case RESET_FIRST -> {
                wire.connection().reset();
                return false;
            }
            case GARBAGE -> send(Proof.POISON + "-2.0-OpenSSH\r\n\r\n");
            case LENGTH_AND_CODING ->
                send(OK + fields + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Proof.POISON);
            case TWO_LENGTHS ->
                send(OK + fields + "Content-Length: 6\r\nContent-Length: 5\r\n\r\n" + Proof.POISON);
            case LARGE_HEAD ->
                send(OK + "X-Large: " + Proof.POISON.repeat(LARGE_HEAD_BYTES / 6) + "\r\n\r\n");
            case UNASKED_SWITCH -> send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
                    + (upgrade ? "poison" : "websocket") + "\r\n\r\n" + Proof.POISON);
            case INTERIM_FLOOD -> send((HINT + fields + "\r\n").repeat(FLOOD) + POISON_ANSWER);
            default -> {
                // Not a word.
            }
        }
        wire.rest();
        return false;
    }

    private boolean half(Deed deed) throws IOException {
        byte[] half = Arrays.copyOf(body, random.nextInt(body.length));
        String chunk = Integer.toHexString(body.length) + "\r\n";
        String head = OK + fields + switch (deed) {
            case RESET_UNTIL_CLOSE -> "\r\n";
            case CUT_CHUNKS -> "Transfer-Encoding: chunked\r\n\r\n" + chunk;
            case BAD_CHUNK -> "Transfer-Encoding: chunked\r\n\r\n";
            default -> "Content-Length: " + body.length + "\r\n\r\n";
        };
        send(Wire.joined(Wire.ascii(head), deed == Deed.BAD_CHUNK ? new byte[0] : half));
        switch (deed) {
            case BAD_CHUNK -> {
                send(Wire.joined(Wire.joined(Wire.ascii(chunk), body), Wire.ascii(Proof.POISON)));
                wire.rest();
            }
            case RESET_INSIDE, RESET_UNTIL_CLOSE -> wire.connection().reset();
            case SILENT_INSIDE -> wire.rest();
            default -> {
                // The end is all there is to it.
            }
        }
        return false;
    }

    private boolean tunnel(Deed deed) throws IOException {
        send("HTTP/1.1 101 Switching Protocols\r\n" + fields
                + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        if (deed == Deed.ECHO_AND_CLOSE) {
            wire.echo(body.length);
        } else {
            wire.echo(Integer.MAX_VALUE);
        }
        return false;
    }
}
