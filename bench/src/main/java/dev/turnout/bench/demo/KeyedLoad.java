package dev.turnout.bench.demo;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.demo.Answer.Failed;
import dev.turnout.bench.demo.Answer.Outcome;
import dev.turnout.config.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A steady load of known users, in turn: so many requests a second whether or not the earlier ones were answered
 * (open loop), so that a pause of the proxy shows as late answers and not as fewer requests.
 *
 * <p>A clock thread sends what is due; each request runs on a virtual thread of its own, over kept-alive connections.
 */
final class KeyedLoad implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A connection unused for longer may be closed by the server at any moment; that would not be an error of its. */
    private static final long MAX_IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_UNANSWERED = 1024;
    private static final int MAX_SHOWN_BODY = 200;

    private final InetSocketAddress address;
    private final List<String> users;
    private final long intervalNanos;
    private final LongSupplier ticker;
    private final Consumer<Answer> onAnswer;

    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(KeyedLoad::clockThread);
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore unanswered = new Semaphore(MAX_UNANSWERED);
    private final Deque<LoadConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<LoadConnection> open = ConcurrentHashMap.newKeySet();

    private final LongAdder blue = new LongAdder();
    private final LongAdder green = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    /** Confined to the clock thread, as is {@link #nextUser}. */
    private long nextDueNanos;
    private int nextUser;

    /**
     * @param users the cohort keys; letters, digits, dot, dash and underscore
     * @param perSecond 1..100 000
     * @param ticker nanoseconds, from any origin
     * @param onAnswer hears of every request once, from many threads at a time
     */
    KeyedLoad(InetSocketAddress address, List<String> users, int perSecond, LongSupplier ticker,
            Consumer<Answer> onAnswer) {
        if (perSecond < 1 || perSecond > 100_000) {
            throw new IllegalArgumentException("rate: " + perSecond + " requests/s (expected: 1..100000)");
        }
        if (users.isEmpty() || !users.stream().allMatch(user -> user.matches("[A-Za-z0-9._-]{1,64}"))) {
            throw new IllegalArgumentException("users: " + users + " (expected: some, of A-Z a-z 0-9 . _ -)");
        }
        this.address = address;
        this.users = List.copyOf(users);
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.ticker = ticker;
        this.onAnswer = onAnswer;
        this.nextDueNanos = ticker.getAsLong();
    }

    /** {@code user-0} and so on. */
    static List<String> users(int count) {
        return IntStream.range(0, count).mapToObj(number -> "user-" + number).toList();
    }

    /** Begins to send, until {@link #close}. */
    void start() {
        nextDueNanos = ticker.getAsLong();
        // Never cancelled: ends with the clock.
        ScheduledFuture<?> _ = clock.scheduleAtFixedRate(this::sendDue, 0, TICK.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Sends everything that is due by now. */
    void sendDue() {
        long now = ticker.getAsLong();
        while (nextDueNanos - now <= 0) {
            String user = users.get(nextUser);
            nextUser = (nextUser + 1) % users.size();
            nextDueNanos += intervalNanos;
            if (unanswered.tryAcquire()) {
                requests.execute(() -> send(user));
            } else {
                record(new Answer(user, now, now,
                        new Failed("not sent: " + MAX_UNANSWERED + " requests wait for answers")));
            }
        }
    }

    private static Thread clockThread(Runnable work) {
        Thread thread = new Thread(work, "demo-load");
        thread.setDaemon(true);
        return thread;
    }

    private void send(String user) {
        try {
            long sentNanos = ticker.getAsLong();
            Outcome outcome = outcome(user);
            record(new Answer(user, sentNanos, ticker.getAsLong(), outcome));
        } finally {
            unanswered.release();
        }
    }

    private Outcome outcome(String user) {
        try {
            LoadConnection connection = connection();
            boolean reusable = false;
            try {
                LoadConnection.Response response = connection.get(DemoService.USER_COOKIE + "=" + user);
                reusable = response.reusable();
                return judge(response);
            } finally {
                giveBack(connection, reusable);
                if (!reusable) {
                    lost.increment();
                }
            }
        } catch (IOException e) {
            return new Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    static Outcome judge(LoadConnection.Response response) {
        if (response.status() != 200) {
            String body = response.body().strip();
            String shown = body.substring(0, Math.min(body.length(), MAX_SHOWN_BODY));
            return new Failed("status " + response.status() + ": " + shown);
        }
        String side = response.headers().getOrDefault(DemoService.ANSWERED_BY.toLowerCase(Locale.ROOT), "");
        for (Target target : Target.values()) {
            if (target.label().equals(side)) {
                return new AnsweredBy(target);
            }
        }
        return new Failed(DemoService.ANSWERED_BY + ": " + side + " (expected: blue or green)");
    }

    private LoadConnection connection() throws IOException {
        for (LoadConnection last = idle.pollFirst(); last != null; last = idle.pollFirst()) {
            if (ticker.getAsLong() - last.idleSince() < MAX_IDLE_NANOS) {
                return last;
            }
            if (last.ended()) {
                lost.increment();
            }
            giveBack(last, false);
        }
        LoadConnection fresh = LoadConnection.open(address, TIMEOUT);
        opened.increment();
        open.add(fresh);
        return fresh;
    }

    private void giveBack(LoadConnection connection, boolean reusable) {
        if (reusable) {
            connection.idleSince(ticker.getAsLong());
            idle.addFirst(connection);
        } else {
            open.remove(connection);
            connection.close();
        }
    }

    private void record(Answer answer) {
        switch (answer.outcome()) {
            case AnsweredBy by -> (by.side() == Target.BLUE ? blue : green).increment();
            case Failed failure -> {
                failed.increment();
                firstFailure.compareAndSet(null, answer.user() + ": " + failure.why());
            }
        }
        onAnswer.accept(answer);
    }

    /** How many connections it opened, and which of them it did not end itself; those that rest are looked at now. */
    ConnectionCounts connections() {
        List<LoadConnection> resting = new ArrayList<>();
        for (LoadConnection each = idle.pollLast(); each != null; each = idle.pollLast()) {
            if (each.ended()) {
                lost.increment();
                giveBack(each, false);
            } else {
                resting.add(each);
            }
        }
        resting.forEach(idle::addLast);
        return new ConnectionCounts(opened.sum(), lost.sum());
    }

    LoadCounts counts() {
        return new LoadCounts(blue.sum(), green.sum(), failed.sum(), Optional.ofNullable(firstFailure.get()));
    }

    /** Sends no more, waits a little for what is under way, and leaves no thread and no connection behind. */
    @Override
    public void close() {
        clock.shutdownNow();
        clock.close();
        requests.shutdown();
        try {
            if (!requests.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                closeConnections();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closeConnections();
        }
        requests.close();
        closeConnections();
    }

    /** What waits for an answer on one of them fails at once. */
    private void closeConnections() {
        open.forEach(LoadConnection::close);
    }
}
