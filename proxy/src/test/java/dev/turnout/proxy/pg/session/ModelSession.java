package dev.turnout.proxy.pg.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.Pipelines;
import dev.turnout.proxy.testkit.RawPostgres;
import dev.turnout.proxy.testkit.Transcript;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A session with a real server that {@link OwedReplies} follows as the proxy would: every message that is sent and received
 * goes by it, and what it makes of them is checked against what the pipelines know. One thread.
 */
public final class ModelSession implements Closeable {
    private static final Pattern MARKER = Pattern.compile("m\\d+");
    /** Types of messages whose bodies have markers. */
    private static final String MARKED = "DdNEV";
    /** Types that are owed something. */
    private static final String REQUESTS = "QFPBDECS";
    private static final String BEFORE_SYNC = "PBDEC";

    private final RawPostgres server;
    private final OwedReplies owed = new OwedReplies((byte) 'I');
    private final List<Pipelines.Send> requests = new ArrayList<>();
    private final Set<Integer> ended = new HashSet<>();
    private final Set<Integer> failed = new HashSet<>();
    /** Since a message was last answered. */
    private final Set<String> markers = new TreeSet<>();
    private Transcript transcript = new Transcript();
    private boolean copying;
    private boolean mayBeInDoubt;
    private boolean cancelled;
    private int attributed;

    private ModelSession(RawPostgres server) {
        this.server = server;
    }

    /** Of the superuser. */
    public static ModelSession to(InetSocketAddress address, String database) throws IOException {
        ModelSession session = new ModelSession(
                RawPostgres.to(address, Map.of("user", "postgres", "database", database)));
        for (String sql : Pipelines.setUp()) {
            session.ask(sql, false);
        }
        return session;
    }

    /**
     * What the pipelines of {@code count} seeds from {@code seed} on are answered with, one after the other, in one session.
     */
    public static List<List<String>> transcripts(InetSocketAddress address, String database, long seed,
            int count)
            throws IOException {
        List<List<String>> all = new ArrayList<>();
        try (ModelSession session = to(address, database)) {
            for (int i = 0; i < count; i++) {
                assertThat(session.run(seed + i, false)).isTrue();
                all.add(session.transcript.lines());
            }
        }
        return all;
    }

    /**
     * Sends one random pipeline and hears all the replies. False: what is owed is in doubt, as it may be when it is
     * untidy; the session is of no more use.
     */
    public boolean run(long seed, boolean untidy) {
        List<Pipelines.Step> steps = new Pipelines(seed, untidy).next();
        try {
            return run(steps);
        } catch (IOException | AssertionError e) {
            throw new AssertionError("seed " + seed + (untidy ? ", untidy" : ", tidy") + ": " + e.getMessage()
                    + "\n"
                    + steps.stream().map(Object::toString).collect(Collectors.joining("\n")) + "\nheard:\n"
                    + String.join("\n", transcript.lines()), e);
        }
    }

    private boolean run(List<Pipelines.Step> steps) throws IOException {
        requests.clear();
        ended.clear();
        failed.clear();
        transcript = new Transcript();
        mayBeInDoubt = false;
        cancelled = false;
        for (Pipelines.Step step : steps) {
            switch (step) {
                case Pipelines.Send send -> send(send);
                case Pipelines.Cancel _ -> {
                    cancelled = true;
                    server.cancel();
                }
                case Pipelines.Pause pause -> hear(pause);
            }
            if (owed.inDoubt()) {
                assertThat(mayBeInDoubt).as("in doubt because of a Sync amid a COPY").isTrue();
                return false;
            }
        }
        settle();
        if (owed.inDoubt()) {
            assertThat(mayBeInDoubt).as("in doubt because of a Sync amid a COPY").isTrue();
            return false;
        }
        probe();
        assertWhatWasDiscarded();
        // After some pipelines with a Query amid a batch, PostgreSQL 18 has XX000 for the next command, whatever it is.
        ask("ROLLBACK", true);
        for (String sql : Pipelines.tearDown()) {
            ask(sql, false);
        }
        assertThat(owed.atSafePoint()).as("at a safe point in the end").isTrue();
        return true;
    }

    private void send(Pipelines.Send send) throws IOException {
        byte type = send.type();
        if (REQUESTS.indexOf(type) >= 0) {
            requests.add(send);
        }
        mayBeInDoubt |= type == ClientMessage.SYNC && send.amidCopy();
        copying &= type != ClientMessage.COPY_DONE && type != ClientMessage.COPY_FAIL;
        owed.sent(type, Handling.FORWARD, send);
        server.send(type, send.body());
    }

    private void hear(Pipelines.Pause pause) throws IOException {
        switch (pause) {
            case POLL -> {
                while (server.hasMore() && !owed.inDoubt()) {
                    receive();
                }
            }
            case SETTLE -> {
                settle();
                if (!owed.inDoubt()) {
                    probe();
                }
            }
            case COPY -> {
                while (!copying && owed.size() > 0 && !owed.inDoubt()) {
                    receive();
                }
            }
        }
    }

    private void settle() throws IOException {
        while (!owed.settled() && !owed.inDoubt()) {
            receive();
        }
    }

    /** A server that has nothing left to say answers a Sync with ReadyForQuery at once. */
    private void probe() throws IOException {
        owed.sent(ClientMessage.SYNC, Handling.SKIP);
        server.send(ClientMessage.SYNC, new byte[0]);
        Transcript before = transcript;
        transcript = new Transcript();
        while (!owed.settled()) {
            assertThat(receive()).as("handling").isEqualTo(Handling.SKIP);
        }
        List<String> types = transcript.lines().stream().map(line -> line.substring(0, 1)).toList();
        // A request to cancel may hit the probe.
        assertThat(types).as("replies to a Sync when nothing is owed").isIn(List.of("Z"),
                cancelled ? List.of("E", "Z") : List.of("Z"));
        transcript = before;
    }

    private void ask(String sql, boolean mayFail) throws IOException {
        owed.sent(ClientMessage.QUERY, Handling.FORWARD);
        server.send(ClientMessage.QUERY, (sql + "\0").getBytes(StandardCharsets.UTF_8));
        Transcript before = transcript;
        transcript = new Transcript();
        while (!owed.settled()) {
            receive();
        }
        assertThat(transcript.lines()).as(sql).noneMatch(line -> line.startsWith("E") && !mayFail);
        transcript = before;
    }

    private Handling receive() throws IOException {
        RawPostgres.Message message = server.next();
        byte type = message.type();
        Handling handling = owed.received(type,
                type == ServerMessage.READY_FOR_QUERY ? message.body()[0] : 0);
        transcript.add(message);
        copying |= type == ServerMessage.COPY_IN_RESPONSE;
        if (MARKED.indexOf(type) >= 0) {
            MARKER.matcher(message.text()).results().forEach(found -> markers.add(found.group()));
        }
        if (type == ServerMessage.READY_FOR_QUERY) {
            assertThat(owed.status()).isEqualTo(TransactionStatus.of(message.body()[0]));
        }
        if (owed.ended() != 0) {
            if (owed.endedNote() instanceof Pipelines.Send send) {
                answered(send, type);
            }
            markers.clear();
        }
        return handling;
    }

    private void answered(Pipelines.Send send, byte last) {
        assertThat(owed.ended()).as("type").isEqualTo(send.type());
        assertThat(Arrays.asList(send.marker().split(" ", -1))).as("markers in the replies to %s", send)
                .containsAll(markers);
        assertThat(ended.add(send.number())).as("answered once: %s", send).isTrue();
        if (last == ServerMessage.ERROR_RESPONSE) {
            failed.add(send.number());
        }
        attributed += markers.size();
    }

    /** After an error everything is discarded until a Sync, and nothing else is. */
    private void assertWhatWasDiscarded() {
        boolean discarding = false;
        for (Pipelines.Send request : requests) {
            boolean answered = ended.contains(request.number());
            if (request.type() == ClientMessage.SYNC) {
                assertThat(answered || (request.amidCopy() && !discarding))
                        .as("answered or swallowed: %s", request).isTrue();
                discarding &= !answered;
            } else {
                assertThat(answered).as("answered: %s", request).isEqualTo(!discarding);
                discarding |= failed.contains(request.number()) && BEFORE_SYNC.indexOf(request.type()) >= 0;
            }
        }
    }

    /** How many replies were told by their markers so far. */
    public int attributed() {
        return attributed;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
