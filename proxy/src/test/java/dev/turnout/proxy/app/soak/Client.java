package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.app.soak.Ask.Version;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.testkit.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** A client that opens one connection after the other, and behaves on each as it pleases. One thread, and one that sends. */
final class Client implements Runnable {
    /** What a client does with a connection, for one request or a few. */
    private enum Manner {
        PLAIN, SLOW_SENDER, PIPELINE, HTTP_10, HTTP_10_KEPT, HALF_CLOSE, END_IN_BODY, RESET_IN_HEAD, RESET_IN_BODY, RESET_BEHIND_REQUEST, RESET_IN_ANSWER, STALL_IN_HEAD, STALL_IN_BODY, TAKE_NOTHING, STAY_IDLE, UPGRADE, RESET_TUNNEL, UPGRADE_TO_WRONG, UPGRADE_FOR_NOTHING, LIE, LIE_IN_BODY
    }

    /** How often each comes, beside PLAIN, of a thousand. */
    private static final List<Manner> STALLS = List.of(Manner.STALL_IN_HEAD, Manner.STALL_IN_BODY,
            Manner.TAKE_NOTHING, Manner.STAY_IDLE);
    private static final List<Manner> OTHERS = Arrays.stream(Manner.values())
            .filter(manner -> manner != Manner.PLAIN && !STALLS.contains(manner))
            .toList();
    private static final int MIB = 1024 * 1024;
    /** More than all buffers on the way together. */
    private static final int MORE_THAN_FITS = 12 * MIB;
    private static final long LONGER_THAN_ANY_LIMIT = 12_000;
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

    private final Books books;
    private final Judge judge;
    private final InetSocketAddress address;
    private final SplittableRandom random;
    private final Asks asks;

    Client(Books books, InetSocketAddress address, int number, SplittableRandom random) {
        this.books = books;
        judge = new Judge(books);
        this.address = address;
        this.random = random;
        asks = new Asks(random.split(), number);
    }

    @Override
    public void run() {
        while (!books.over()) {
            boolean narrow = random.nextInt(10) == 0;
            Manner[] last = {Manner.PLAIN};
            try (RawConnection connection = narrow
                    ? RawConnection.narrowTo(address)
                    : RawConnection.to(address)) {
                Wire wire = new Wire(connection);
                if (narrow) {
                    wire.beforeReading(() -> books.pause(random.nextInt(4)));
                }
                useUp(wire, last);
            } catch (IOException | RuntimeException e) {
                books.fault(last[0] + ": " + e + " at " + Arrays.stream(e.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith("dev.turnout"))
                        .limit(6)
                        .toList());
            }
        }
    }

    private void useUp(Wire wire, Manner[] last) throws IOException {
        boolean goesOn = true;
        for (int left = 1 + random.nextInt(10); goesOn && left > 0; left--) {
            last[0] = manner();
            asks.manner(last[0].toString());
            goesOn = act(wire, last[0]) && !books.over();
        }
    }

    private Manner manner() {
        int draw = random.nextInt(1000);
        return draw < 8
                ? STALLS.get(random.nextInt(STALLS.size()))
                : draw < 450 ? OTHERS.get(random.nextInt(OTHERS.size())) : Manner.PLAIN;
    }

    /** Answers whether the connection may be used again. */
    private boolean act(Wire wire, Manner manner) throws IOException {
        return switch (manner) {
            case PLAIN -> exchange(wire, asks.any(), false);
            case SLOW_SENDER -> exchange(wire, asks.any(), true);
            case HTTP_10 -> exchange(wire, asks.http10(Version.HTTP_10), false);
            case HTTP_10_KEPT -> exchange(wire, asks.http10(Version.HTTP_10_KEPT), false);
            case PIPELINE -> pipeline(wire, false);
            case HALF_CLOSE -> pipeline(wire, true);
            case END_IN_BODY -> endInBody(wire);
            case RESET_IN_HEAD, RESET_IN_BODY, RESET_BEHIND_REQUEST, RESET_IN_ANSWER -> reset(wire, manner);
            case STALL_IN_HEAD -> stallInHead(wire);
            case STALL_IN_BODY -> stallInBody(wire);
            case TAKE_NOTHING -> takeNothing();
            case STAY_IDLE -> ends(wire, "an idle connection");
            case UPGRADE -> tunnel(wire, false);
            case RESET_TUNNEL -> tunnel(wire, true);
            case UPGRADE_TO_WRONG -> upgradeToWrong(wire);
            case UPGRADE_FOR_NOTHING -> upgradeForNothing(wire);
            case LIE -> lie(wire);
            case LIE_IN_BODY -> lieInBody(wire);
        };
    }

    private boolean exchange(Wire wire, Ask ask, boolean slow) throws IOException {
        byte[] body = ask.framed(random);
        List<CompletableFuture<Boolean>> sent = new ArrayList<>();
        Reply reply;
        try {
            if (ask.body().expects()) {
                wire.connection().send(ask.head(""));
                reply = Reply.read(wire, ask, () -> sent.add(sending(wire, body, slow)));
            } else {
                sent.add(sending(wire, Wire.joined(Wire.ascii(ask.head("")), body), slow));
                reply = Reply.read(wire, ask, () -> {});
            }
            judge.of(ask, reply);
            if (!Judge.persistent(ask, reply)) {
                return endsBehind(wire, ask, reply);
            }
            if (sent.isEmpty() || !sent.getFirst().join()) {
                judge.fault(ask, reply, "the connection stays open, but does not take the request");
                return false;
            }
            return true;
        } finally {
            if (!sent.isEmpty() && !sent.getFirst().isDone()) {
                wire.connection().close();
                sent.getFirst().join();
            }
        }
    }

    /** Completes with whether all of it could be sent. What is short is sent at once. */
    private CompletableFuture<Boolean> sending(Wire wire, byte[] bytes, boolean slow) {
        int pieces = slow ? 2 + random.nextInt(20) : 1;
        if (pieces == 1 && bytes.length < 16 * 1024) {
            return CompletableFuture.completedFuture(send(wire, bytes, 1));
        }
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> sent.complete(send(wire, bytes, pieces)));
        return sent;
    }

    private boolean send(Wire wire, byte[] bytes, int pieces) {
        try {
            for (int i = 0; i < pieces; i++) {
                wire.connection().send(Arrays.copyOfRange(bytes, (int) ((long) bytes.length * i / pieces),
                        (int) ((long) bytes.length * (i + 1) / pieces)));
                if (i + 1 < pieces) {
                    books.pause(10);
                }
            }
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** The answer said, or showed, that the connection ends: nothing more may come. Answers false. */
    private boolean endsBehind(Wire wire, Ask ask, Reply reply) throws IOException {
        if (reply.end() == Reply.End.WHOLE) {
            try {
                String rest = wire.rest();
                if (!rest.isEmpty()) {
                    judge.fault(ask, reply, "something came behind it: " + rest);
                }
            } catch (SocketException reset) {
                if (ask.deed() != Deed.EARLY) {
                    judge.fault(ask, reply, "the connection ended with a reset behind it");
                }
            }
        }
        return false;
    }

    /** The proxy must close, in order and without a word. Answers false. */
    private boolean ends(Wire wire, String what) throws IOException {
        String rest = wire.rest();
        if (!rest.isEmpty()) {
            books.fault(what + " was told: " + rest);
        }
        return false;
    }

    private boolean pipeline(Wire wire, boolean finish) throws IOException {
        List<Ask> all = new ArrayList<>();
        byte[] bytes = new byte[0];
        for (int i = random.nextInt(4); i >= 0; i--) {
            Ask ask = asks.small();
            all.add(ask);
            bytes = Wire.joined(bytes, Wire.joined(Wire.ascii(ask.head("")), ask.framed(random)));
        }
        wire.connection().send(bytes);
        if (finish) {
            wire.connection().finish();
        }
        return readAll(wire, all) && (!finish || ends(wire, "who had finished"));
    }

    /** The answers to pipelined requests, in order. Answers whether the connection goes on behind them. */
    private boolean readAll(Wire wire, List<Ask> all) throws IOException {
        boolean goesOn = true;
        for (int i = 0; i < all.size(); i++) {
            Ask ask = all.get(i);
            if (goesOn) {
                Reply reply = Reply.read(wire, ask, () -> {});
                boolean laterOneBreaks = all.subList(i + 1, all.size()).stream()
                        .anyMatch(later -> later.deed().ending() == Deed.Ending.BROKEN);
                if (reply.end() == Reply.End.RESET && laterOneBreaks) {
                    // The reset overtakes what was sent before it: who pipelines loses that as well.
                    judge.part(ask, reply);
                } else {
                    judge.of(ask, reply);
                }
                goesOn = Judge.persistent(ask, reply) || endsBehind(wire, ask, reply);
            } else {
                books.left(ask.token(), "behind the end");
            }
        }
        return goesOn;
    }

    private boolean endInBody(Wire wire) throws IOException {
        Ask ask = asks.post(Deed.LENGTH);
        sendHalf(wire, ask);
        wire.connection().finish();
        Reply reply = Reply.read(wire, ask, () -> {});
        if (reply.end() == Reply.End.NOTHING) {
            books.ended(ask.token(), "ended in the body");
        } else if (!judge.metClosed(ask, reply)) {
            judge.fault(ask, reply, "should have been closed without an answer");
        }
        return false;
    }

    private void sendHalf(Wire wire, Ask ask) throws IOException {
        byte[] body = ask.content();
        wire.connection().send(Wire.joined(Wire.ascii(ask.head("")), Arrays.copyOf(body, body.length / 2)));
    }

    private boolean reset(Wire wire, Manner manner) throws IOException {
        if (manner == Manner.RESET_IN_HEAD) {
            byte[] head = Wire.ascii(asks.any().head(""));
            wire.connection().send(Arrays.copyOf(head, 1 + random.nextInt(head.length - 1)));
        } else {
            Ask ask = manner == Manner.RESET_IN_BODY
                    ? asks.post(Deed.LENGTH)
                    : asks.get(Deed.PIECES, 1 + random.nextInt(MIB));
            sendHalf(wire, ask);
            books.left(ask.token(), manner.toString());
        }
        if (manner == Manner.RESET_IN_ANSWER) {
            byte[] some = new byte[1 + random.nextInt(4096)];
            if (wire.connection().read(some) < 0) {
                books.fault(manner + ": the proxy closed");
            }
        } else {
            books.pause(random.nextInt(5));
        }
        wire.connection().reset();
        return false;
    }

    private boolean stallInHead(Wire wire) throws IOException {
        Ask ask = asks.get(Deed.LENGTH, 1);
        byte[] head = Wire.ascii(ask.head(""));
        wire.connection().send(Arrays.copyOf(head, 1 + random.nextInt(head.length - 1)));
        return refused(wire, ask, Kind.REQUEST_TIMEOUT);
    }

    private boolean stallInBody(Wire wire) throws IOException {
        Ask ask = asks.post(Deed.LENGTH);
        sendHalf(wire, ask);
        return refused(wire, ask, Kind.REQUEST_TIMEOUT);
    }

    /** The proxy must refuse it for this reason, and then close. Answers false. */
    private boolean refused(Wire wire, Ask ask, Kind kind) throws IOException {
        Reply reply = Reply.read(wire, ask, () -> {});
        if (Judge.refused(ask, reply, kind) && !Judge.persistent(ask, reply)) {
            books.ended(ask.token(), "refused " + kind);
        } else if (!judge.metClosed(ask, reply)) {
            judge.fault(ask, reply, "should have been refused: " + kind + ", and closed");
        }
        return endsBehind(wire, ask, reply);
    }

    /** On a connection of its own, so that nothing that was read before is in the way; the other one is idle for too long. */
    private boolean takeNothing() throws IOException {
        try (RawConnection narrow = RawConnection.narrowTo(address)) {
            Wire wire = new Wire(narrow);
            Ask ask = asks.get(Deed.LENGTH, MORE_THAN_FITS);
            narrow.send(ask.head(""));
            books.pause(LONGER_THAN_ANY_LIMIT);
            boolean whole = books.over();
            Reply reply = Reply.read(wire, ask, () -> {});
            if (whole && reply.end() == Reply.End.WHOLE) {
                // The soak ended while it waited, so that it took the answer in time.
                judge.of(ask, reply);
            } else if (reply.end() == Reply.End.RESET) {
                books.ended(ask.token(), "took nothing");
            } else {
                judge.fault(ask, reply, "should have been broken off: its client took nothing");
            }
        }
        return false;
    }

    private boolean tunnel(Wire wire, boolean reset) throws IOException {
        boolean ends = !reset && random.nextBoolean();
        byte[] said = Proof.asked("tunnel" + random.nextLong(),
                1 + random.nextInt(random.nextInt(5) == 0 ? MIB : 4096));
        Ask ask = asks.get(ends ? Deed.ECHO_AND_CLOSE : Deed.ECHO, ends ? said.length : 1);
        int early = random.nextInt(Math.min(said.length, 2000));
        wire.connection().send(Wire.joined(Wire.ascii(ask.head(UPGRADE)), Arrays.copyOf(said, early)));
        Reply reply = Reply.read(wire, ask, () -> {});
        judge.of(ask, reply);
        if (reply.status() != 101) {
            return false;
        }
        CompletableFuture<Boolean> sent = sending(wire, Arrays.copyOfRange(said, early, said.length),
                random.nextInt(4) == 0);
        try {
            heard(wire, said, reset, ends, sent);
        } finally {
            wire.connection().close();
            sent.join();
        }
        return false;
    }

    private void heard(Wire wire, byte[] said, boolean reset, boolean ends, CompletableFuture<Boolean> sent)
            throws IOException {
        ByteArrayOutputStream echo = new ByteArrayOutputStream();
        if (reset) {
            wire.bytes(random.nextInt(said.length), echo);
            wire.connection().reset();
        } else if (ends) {
            wire.rest(echo);
        } else {
            wire.bytes(said.length, echo);
            sent.join();
            wire.connection().finish();
            wire.rest(echo);
        }
        byte[] heard = echo.toByteArray();
        if (heard.length > said.length || !Arrays.equals(heard, Arrays.copyOf(said, heard.length))
                || (!reset && heard.length < said.length)) {
            books.fault("tunnel: said " + said.length + " bytes, heard " + heard.length + ", not the same");
        }
    }

    private boolean upgradeToWrong(Wire wire) throws IOException {
        Ask ask = asks.get(Deed.UNASKED_SWITCH, 1);
        wire.connection().send(ask.head(UPGRADE));
        return readAll(wire, List.of(ask));
    }

    /** The endpoint stays with HTTP, so what came early is the next request; or is none. */
    private boolean upgradeForNothing(Wire wire) throws IOException {
        Ask first = asks.get(Deed.LENGTH, 1000);
        Ask second = asks.get(Deed.LENGTH, 1000);
        if (random.nextBoolean()) {
            wire.connection().send(first.head(UPGRADE) + second.head(""));
            return readAll(wire, List.of(first, second));
        }
        wire.connection().send(first.head(UPGRADE) + "\u0081\u0085" + Proof.POISON + "\r\n\r\n");
        return readAll(wire, List.of(first)) && refused(wire, second, Kind.BAD_REQUEST);
    }

    private boolean lie(Wire wire) throws IOException {
        Lies.Lie lie = Lies.ALL.get(random.nextInt(Lies.ALL.size()));
        wire.connection().send(lie.text() + Lies.SMUGGLED);
        return refused(wire, asks.get(Deed.LENGTH, 1), lie.kind());
    }

    private boolean lieInBody(Wire wire) throws IOException {
        Ask ask = asks.get(Deed.LENGTH, 1);
        String head = ask.head("Transfer-Encoding: chunked\r\n");
        wire.connection().send(
                head + "3\r\nabc\r\n" + Lies.CHUNKS.get(random.nextInt(Lies.CHUNKS.size())) + Lies.SMUGGLED);
        return refused(wire, ask, Kind.BAD_REQUEST);
    }
}
