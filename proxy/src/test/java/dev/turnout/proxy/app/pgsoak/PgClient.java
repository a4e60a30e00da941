package dev.turnout.proxy.app.pgsoak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One client: session after session, each with deeds good and bad, until the soak is over. Runs on its own thread. */
final class PgClient implements Runnable {
    private static final String CANCELLED = "57014";
    private static final String TERMINATED = "57P01";
    private static final String CONNECTION_FAILURE = "08006";
    private static final int MOST_PIECES = 6;
    private static final int SLOW_BYTES = 300_000;
    private static final int KEY_BYTES = 4;
    private static final int CANCEL_AGAIN_MILLIS = 20;

    private final Books books;
    private final InetSocketAddress address;
    private final Map<String, String> login;
    private final int number;
    private final SplittableRandom random;
    private long serial;
    /** Somebody may have ended this session: it may break off at any time from now on. */
    private volatile boolean condemned;
    /** A cancel was asked for that may still be on its way to the session. */
    private boolean cancelled;

    /** The session ended, as it may. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1;

        Ended(String how) {
            super(how, null, false, false);
        }
    }

    /** An answer that is not this client's, or not the one that is due. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String what) {
            super(what);
        }
    }

    PgClient(Books books, InetSocketAddress address, Map<String, String> login, int number,
            SplittableRandom random) {
        this.books = books;
        this.address = address;
        this.login = login;
        this.number = number;
        this.random = random;
    }

    @Override
    public void run() {
        while (!books.over()) {
            if (random.nextInt(20) == 0) {
                stranger();
            } else {
                session();
            }
        }
    }

    private String token() {
        return "c" + number + "s" + ++serial;
    }

    /** Somebody who never gets in: garbage, half a packet, a key of nobody, nothing. */
    private void stranger() {
        books.count("stranger");
        try (PgWire wire = PgWire.open(address, false)) {
            byte[] junk = new byte[random.nextInt(40)];
            random.nextBytes(junk);
            byte[] startup = Messages.startup(login);
            switch (random.nextInt(4)) {
                case 0 -> wire.send(junk);
                case 1 -> wire.send(Arrays.copyOf(startup, random.nextInt(startup.length)));
                case 2 -> wire.send(Messages.cancel(random.nextInt(), new byte[KEY_BYTES]));
                default -> wire.send(startup);
            }
            if (random.nextBoolean()) {
                wire.reset();
            }
        } catch (IOException goneAlready) {
            books.count("stranger shut out");
        }
    }

    private void session() {
        condemned = false;
        cancelled = false;
        try (PgWire wire = PgWire.open(address, random.nextInt(10) == 0)) {
            wire.start(login);
            books.sessions().put(wire.pid(), this);
            try {
                exchange(wire, new Exchange().row("SELECT pg_backend_pid()", Integer.toString(wire.pid())));
                live(wire);
            } finally {
                books.sessions().remove(wire.pid(), this);
            }
        } catch (Ended ended) {
            books.count("ended: " + ended.getMessage());
        } catch (Wrong wrong) {
            books.fault("client " + number + ": " + wrong.getMessage());
        } catch (SocketTimeoutException hangs) {
            books.fault("client " + number + " hangs at serial " + serial);
        } catch (IOException e) {
            if (condemned) {
                books.count("ended: broken off");
            } else {
                books.fault("client " + number + " at serial " + serial + ": " + e);
            }
        }
    }

    private void live(PgWire wire) throws IOException, Ended, Wrong {
        int deeds = 1 + random.nextInt(30);
        for (int deed = 0; deed < deeds && !books.over(); deed++) {
            switch (random.nextInt(24)) {
                case 0 -> flushWithoutSync(wire);
                case 1 -> prepared(wire);
                case 2 -> notification(wire);
                case 3 -> cancelOwn(wire);
                case 4 -> cancelWithWrongKey(wire);
                case 5 -> cancelAmidAPipeline(wire);
                case 6 -> slow(wire);
                case 7 -> condemnAnother(wire);
                default ->
                    exchange(wire, Deeds.ALL.get(random.nextInt(Deeds.ALL.size())).make(token(), random));
            }
        }
        leave(wire);
    }

    /** In one way or another. */
    private void leave(PgWire wire) throws IOException, Ended, Wrong {
        switch (random.nextInt(6)) {
            case 0 -> wire.close();
            case 1 -> {
                wire.send(Deeds.pipeline(token(), random).messages());
                wire.close();
            }
            case 2 -> {
                byte[] all = Deeds.pipeline(token(), random).messages().bytes();
                wire.send(Arrays.copyOf(all, random.nextInt(all.length)));
                wire.reset();
            }
            case 3 -> {
                Exchange last = Deeds.pipeline(token(), random);
                wire.send(last.messages());
                wire.finish();
                hear(wire, last);
                end(wire);
            }
            case 4 -> {
                wire.send(new Messages().query("SELECT repeat('x', 1000) FROM generate_series(1, 3000)"));
                wire.next();
                wire.reset();
            }
            default -> {
                wire.send(new Messages().terminate());
                end(wire);
            }
        }
        books.count("left");
    }

    private void end(PgWire wire) throws IOException, Wrong {
        if (wire.read(new byte[1]) >= 0 && !condemned) {
            throw new Wrong("something came behind the end of the session");
        }
    }

    private void exchange(PgWire wire, Exchange exchange) throws IOException, Ended, Wrong {
        byte[] all = exchange.messages().bytes();
        int at = 0;
        for (int pieces = random.nextInt(MOST_PIECES); pieces > 0 && at < all.length; pieces--) {
            int next = at + random.nextInt(all.length - at + 1);
            wire.send(Arrays.copyOfRange(all, at, next));
            at = next;
        }
        wire.send(Arrays.copyOfRange(all, at, all.length));
        hear(wire, exchange);
        books.count("exchange");
    }

    /** Each message must be the one that is due; a cancel may cut a segment short. */
    private void hear(PgWire wire, Exchange exchange) throws IOException, Ended, Wrong {
        List<String> due = new ArrayList<>(exchange.expected());
        while (!due.isEmpty()) {
            String shown = Exchange.shown(nextOwn(wire));
            if (shown.equals(due.getFirst())) {
                due.removeFirst();
            } else if (cancelled && shown.equals("E:" + CANCELLED)) {
                books.count("cancelled");
                while (!due.getFirst().startsWith("Z:")) {
                    due.removeFirst();
                }
            } else {
                throw new Wrong("heard " + cut(shown) + " (expected: " + cut(due.getFirst()) + ")");
            }
        }
    }

    private static String cut(String shown) {
        return shown.substring(0, Math.min(shown.length(), 200));
    }

    /** Passes over what may come at any time. */
    private PgWire.Message nextOwn(PgWire wire) throws IOException, Ended {
        PgWire.Message message = wire.next();
        while (message.type() == 'N' || message.type() == 'S') {
            message = wire.next();
        }
        if (message.type() == 'E' && condemned
                && (message.sqlState().equals(TERMINATED) || message.sqlState().equals(CONNECTION_FAILURE))) {
            throw new Ended(message.sqlState());
        }
        return message;
    }

    private void flushWithoutSync(PgWire wire) throws IOException, Ended, Wrong {
        String token = token();
        Exchange first = new Exchange().expect("1", "2", "D:" + token, "C:SELECT 1");
        first.messages().parse("", "SELECT $1").bind("", token).execute(0).flush();
        exchange(wire, first);
        Exchange last = new Exchange().expect("Z:I");
        last.messages().sync();
        exchange(wire, last);
    }

    /** A statement of one name, whose meaning is another in each session. */
    private void prepared(PgWire wire) throws IOException, Ended, Wrong {
        String token = token();
        Exchange exchange = new Exchange();
        exchange.messages().query("DEALLOCATE ALL").parse("named", "SELECT '" + token + "' || $1").sync();
        exchange.expect("C:DEALLOCATE ALL", "Z:I", "1", "Z:I");
        for (int run = 0; run < 5; run++) {
            exchange.messages().bind("named", "-" + run).execute(0).sync();
            exchange.expect("2", "D:" + token + "-" + run, "C:SELECT 1", "Z:I");
        }
        exchange(wire, exchange);
    }

    /** Everybody listens to another channel, and tells only itself. */
    private void notification(PgWire wire) throws IOException, Ended, Wrong {
        String token = token();
        wire.send(
                new Messages().query("LISTEN own" + number).query("NOTIFY own" + number + ", '" + token + "'")
                        .query("UNLISTEN *"));
        List<String> heard = new ArrayList<>();
        while (heard.stream().filter(item -> item.startsWith("Z:")).count() < 3) {
            PgWire.Message message = nextOwn(wire);
            heard.add(message.type() == 'A' ? "A:" + payload(message.body()) : Exchange.shown(message));
        }
        if (!cancelled && !heard.contains("A:own" + number + ":" + token)) {
            throw new Wrong("notifications heard: " + heard);
        }
        for (String item : heard) {
            if (item.startsWith("A:") && !item.equals("A:own" + number + ":" + token)) {
                throw new Wrong("notification of another: " + item);
            }
        }
    }

    private static String payload(byte[] body) {
        String[] parts = new String(body, Integer.BYTES, body.length - Integer.BYTES, StandardCharsets.UTF_8)
                .split("\0", -1);
        return parts[0] + ":" + parts[1];
    }

    /** PostgreSQL forgets a cancel that comes before its command, so this is asked for until it is heard. */
    private void cancelOwn(PgWire wire) throws IOException, Ended, Wrong {
        Exchange exchange = new Exchange().expect("T", "nothing but the error", "Z:I");
        cancelled = true;
        wire.send(exchange.messages().query("SELECT pg_sleep(600)"));
        while (!wire.hasMoreWithin(CANCEL_AGAIN_MILLIS)) {
            wire.cancel(wire.key());
        }
        hear(wire, exchange);
        settle(wire);
        books.count("cancelled own");
    }

    /** The signal of a cancel has been sent, but the server need not have looked at it. */
    private void settle(PgWire wire) throws IOException, Ended, Wrong {
        cancelled = true;
        exchange(wire, new Exchange().row("SELECT pg_sleep(0.02)", ""));
        cancelled = false;
    }

    private void cancelWithWrongKey(PgWire wire) throws IOException, Ended, Wrong {
        String token = token();
        Exchange exchange = new Exchange().row("SELECT '" + token + "', pg_sleep(0.02)", token + "|");
        wire.send(exchange.messages());
        byte[] wrong = wire.key();
        wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
        wire.cancel(wrong);
        hear(wire, exchange);
    }

    private void cancelAmidAPipeline(PgWire wire) throws IOException, Ended, Wrong {
        Exchange exchange = Deeds.pipeline(token(), random);
        wire.send(exchange.messages());
        cancelled = true;
        wire.cancel(wire.key());
        hear(wire, exchange);
        settle(wire);
    }

    /** Much at once, read in small pieces. */
    private void slow(PgWire wire) throws IOException, Ended, Wrong {
        String token = token();
        int times = SLOW_BYTES / token.length();
        wire.send(new Messages().query("SELECT repeat('" + token + "', " + times + ")"));
        PgWire.Message first = nextOwn(wire);
        if (first.type() != 'T') {
            throw new Wrong("heard " + Exchange.shown(first) + " (expected: T)");
        }
        long left = wire.head('D');
        byte[] piece = new byte[1000];
        ByteBuffer all = ByteBuffer.allocate((int) left);
        while (all.hasRemaining()) {
            if (all.remaining() < piece.length) {
                piece = new byte[all.remaining()];
            }
            int bytes = wire.read(piece);
            if (bytes < 0) {
                throw new IOException("ended amid a row");
            }
            all.put(piece, 0, bytes);
            Thread.onSpinWait();
        }
        if (!new String(all.array(), Short.BYTES + Integer.BYTES, times * token.length(),
                StandardCharsets.UTF_8)
                .equals(token.repeat(times))) {
            throw new Wrong("a row of another");
        }
        hear(wire, new Exchange().expect("C:SELECT 1", "Z:I"));
    }

    /** Ends the session of somebody, perhaps its own. */
    private void condemnAnother(PgWire wire) throws IOException, Ended, Wrong {
        List<Map.Entry<Integer, PgClient>> open = List.copyOf(books.sessions().entrySet());
        if (open.isEmpty()) {
            return;
        }
        Map.Entry<Integer, PgClient> victim = open.get(random.nextInt(open.size()));
        victim.getValue().condemned = true;
        wire.send(new Messages().query("SELECT pg_terminate_backend(" + victim.getKey() + ")"));
        PgWire.Message message = nextOwn(wire);
        while (message.type() != 'Z') {
            message = nextOwn(wire);
        }
        books.count("condemned");
    }
}
