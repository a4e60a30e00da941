package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** An endpoint that does with each request what the request asks for. One thread for each connection. */
public final class Endpoint implements RawUpstream.Script {
    private static final int IDLE_CLOSES_ONE_IN = 12;
    private static final int MOST_IDLE_MILLIS = 40;

    private final Books books;
    private final String side;
    private final String name;
    private final long seed;

    /** @param side {@code blue} or {@code green}: every answer names it */
    public Endpoint(Books books, String side, String name, long seed) {
        this.books = books;
        this.side = side;
        this.name = name;
        this.seed = seed;
    }

    @Override
    public void play(RawConnection connection, int number) throws IOException {
        books.endpointConnection(1);
        try {
            new Session(connection, new SplittableRandom(seed + number)).run();
        } catch (IllegalStateException | NumberFormatException e) {
            books.fault(name + ": what came is not HTTP/1: " + e);
        } finally {
            books.endpointConnection(-1);
        }
    }

    /** One connection. */
    private final class Session {
        private final Wire wire;
        private final SplittableRandom random;

        Session(RawConnection connection, SplittableRandom random) {
            wire = new Wire(connection);
            this.random = random;
        }

        void run() throws IOException {
            boolean goesOn = wire.more() && serve();
            while (goesOn) {
                goesOn = next() && serve();
            }
        }

        /** Waits for the next request; sometimes not for long. Answers false when the connection has ended. */
        private boolean next() throws IOException {
            if (random.nextInt(IDLE_CLOSES_ONE_IN) > 0) {
                return wire.more();
            }
            AtomicBoolean decided = new AtomicBoolean();
            int millis = random.nextInt(MOST_IDLE_MILLIS);
            Thread closer = Thread.ofVirtual().start(() -> {
                books.pause(millis);
                if (!books.over() && decided.compareAndSet(false, true)) {
                    closeSilently();
                }
            });
            try {
                return wire.more() && decided.compareAndSet(false, true);
            } finally {
                closer.interrupt();
            }
        }

        private void closeSilently() {
            books.closesSilently();
            try {
                wire.connection().close();
            } catch (IOException e) {
                books.fault(name + ": cannot close: " + e);
            }
        }

        private boolean serve() throws IOException {
            String head = wire.head();
            String token = value(head, "X-Token");
            if (head.contains(Proof.POISON) || Wire.field(head, "X-Deed") == null) {
                books.fault(name + ": got a request that nobody made: " + head);
                return false;
            }
            Deed deed = Deed.valueOf(value(head, "X-Deed"));
            boolean body = Wire.field(head, "Transfer-Encoding") != null
                    || RawConnection.contentLength(head) > 0;
            books.seen(token, !head.startsWith("POST ") && !body);
            Answer answer = new Answer(books, wire, random, head,
                    "X-Token: " + token + "\r\nX-Side: " + side + "\r\nX-Name: " + name + "\r\n");
            if (deed == Deed.EARLY) {
                answer.whole();
                takeBody(head, token);
                return !head.contains(" HTTP/1.0\r\n");
            }
            if (Wire.field(head, "Expect") != null) {
                wire.connection().send("HTTP/1.1 100 Continue\r\nX-Token: " + token + "\r\n\r\n");
            }
            takeBody(head, token);
            boolean stays = answer.play(deed);
            return stays && !head.contains(" HTTP/1.0\r\n");
        }

        private void takeBody(String head, String token) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            String trailers = wire.body(head, body);
            if (!Proof.sum(body.toByteArray()).equals(value(head, "X-Sum"))) {
                books.fault(name + ": " + token + ": its body is not what the client sent, " + body.size()
                        + " bytes");
            }
            if (!trailers.isEmpty() && !trailers.equals("X-Tail: " + token + "\r\n\r\n")) {
                books.fault(name + ": " + token + ": trailers of another: " + trailers);
            }
        }

        private static String value(String head, String name) {
            return Objects.requireNonNullElse(Wire.field(head, name), "");
        }
    }
}
