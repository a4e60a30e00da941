package dev.turnout.bench.demo;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.demo.Answer.Failed;
import dev.turnout.bench.signal.Stop;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.Cohort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** The stage with a steady load on it, and all that the load is judged by: every answer, every change. One thread drives it. */
final class UnderLoad implements AutoCloseable {
    static final int USERS = 200;
    static final int PER_SECOND = 500;

    private static final byte[] SALT = StageConfig.ROUTE.getBytes(StandardCharsets.UTF_8);
    /** The documented hash, from the key alone. */
    private static final ShiftCheck.Rule RULE = (user, ppm) -> Cohort.side(SALT,
            user.getBytes(StandardCharsets.UTF_8), new Share(ppm)) == Target.GREEN;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Something that an operator does. */
    @FunctionalInterface
    interface Act {
        void run() throws IOException, InterruptedException;
    }

    private final Stage stage;
    private final Duration hold;
    private final Stop stop;
    private final PrintWriter out;
    private final LongSupplier ticker;
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<WeightChange> changes = new ArrayList<>();
    private final KeyedLoad load;
    private final OrderDesk desk;

    private Share inForce = StageConfig.FIRST;
    private long sinceNanos;
    private long tookNanos;

    /** @param hold how long to watch after each change */
    UnderLoad(Stage stage, Duration hold, Stop stop, PrintWriter out, LongSupplier ticker)
            throws IOException {
        this.stage = stage;
        this.hold = hold;
        this.stop = stop;
        this.out = out;
        this.ticker = ticker;
        this.load = new KeyedLoad(stage.route(), KeyedLoad.users(USERS), PER_SECOND, ticker, answers::add);
        this.desk = OrderDesk.open(stage.databaseRoute());
    }

    /** One whom this share puts on this side. */
    static Sample userOn(Target side, Share green) {
        return KeyedLoad.users(USERS)
                .stream()
                .filter(user -> RULE.isGreen(user, green.ppm()) == (side == Target.GREEN))
                .map(user -> new Sample(user, false))
                .findFirst()
                .orElseThrow();
    }

    /** Begins to send. */
    void start() {
        sinceNanos = ticker.getAsLong();
        load.start();
    }

    Stage stage() {
        return stage;
    }

    /** The application on the database; at work from the beginning. */
    OrderDesk desk() {
        return desk;
    }

    Operator api() {
        return stage.operators().getFirst();
    }

    Operator commandLine() {
        return stage.operators().getLast();
    }

    ConnectionCounts connections() {
        return load.connections();
    }

    void say(String sentence) {
        out.println(sentence);
        out.flush();
    }

    /**
     * Has an operator change who goes where.
     *
     * @param share green's, from then on, all reasons together: of a route whose blue is drained it is 100 %
     * @param what the change, in words
     */
    void change(Share share, String what, Act act) throws IOException, InterruptedException {
        long requested = ticker.getAsLong();
        try {
            act.run();
        } catch (IOException e) {
            throw new IOException(what + " was not acknowledged: " + e.getMessage(), e);
        }
        sinceNanos = ticker.getAsLong();
        tookNanos = sinceNanos - requested;
        changes.add(new WeightChange(requested, sinceNanos, share.ppm()));
        inForce = share;
    }

    /** {@code acknowledged after 12 ms}, of the last change. */
    String acknowledged() {
        return "acknowledged after " + Duration.ofNanos(tookNanos).toMillis() + " ms";
    }

    /** Lets the load go on for a while, and tells what became of the requests that began after the last change. */
    Seen hold() throws IOException, InterruptedException {
        if (stop.within(hold.toNanos())) {
            throw new IOException("stopped at green=" + inForce + ", before all steps were done");
        }
        List<Answer> held = answers.stream().filter(answer -> answer.sentNanos() - sinceNanos > 0).toList();
        return Seen.of(held, new ShiftCheck(RULE, inForce.ppm(), List.of()).judge(held));
    }

    /** Lets everything go on. */
    void pause(Duration time) throws IOException, InterruptedException {
        if (stop.within(time.toNanos())) {
            throw new IOException("stopped before all steps were done");
        }
    }

    /** Of all requests so far, by all changes so far. */
    ShiftVerdict verdict() {
        return new ShiftCheck(RULE, StageConfig.FIRST.ppm(), changes).judge(answers);
    }

    /** A connection besides those of the load; it never connects again. */
    LoadConnection connect() throws IOException {
        return LoadConnection.open(stage.route(), TIMEOUT);
    }

    /** Which side answers. */
    static Target ask(LoadConnection connection, String path, Sample sample) throws IOException {
        return switch (KeyedLoad.judge(connection.get(path, sample.headers()))) {
            case AnsweredBy(Target side) -> side;
            case Failed(String why) ->
                throw new IOException("GET " + path + " of " + sample.user() + ": " + why);
        };
    }

    @Override
    public void close() throws IOException {
        load.close();
        desk.close();
    }
}
