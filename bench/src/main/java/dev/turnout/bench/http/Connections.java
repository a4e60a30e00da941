package dev.turnout.bench.http;

import dev.turnout.bench.report.Report;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a load: all opened beforehand; one that ended is opened again when a request needs it, which then
 * waits for that. Event loop only.
 */
final class Connections implements Connection.Owner {
    /** How long a connection of a closed loop rests when it was refused: else it would spin. */
    private static final long REST_MILLIS = 100;

    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final FullHttpRequest request;
    private final int most;
    private final LongSupplier ticker;
    private final Consumer<Throwable> onMistake;

    private final ByteCount bytes = new ByteCount();
    /** Connecting, free, busy or at rest. */
    private final Set<Connection> live = new LinkedHashSet<>();
    /** The one that was free for longest is first, so that all are used alike. */
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private long lost;
    private long closed;
    private boolean sending;
    private boolean ending;

    private int opening;
    private Runnable whenOpened = () -> {};
    private @Nullable Throwable refused;
    private @Nullable Work work;

    /** What is sent, and who takes down what became of it. */
    private record Work(Demand demand, Measurement measurement) {}

    /**
     * @param bootstrap with the loop and the address
     * @param request borrowed
     * @param onMistake hears of what should not happen, whatever the peer does
     */
    Connections(Bootstrap bootstrap, EventLoop loop, FullHttpRequest request, int most, LongSupplier ticker,
            Consumer<Throwable> onMistake) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.request = request;
        this.most = most;
        this.ticker = ticker;
        this.onMistake = onMistake;
    }

    /** Opens all; {@code whenOpened} runs when each is open or was refused. */
    void open(Runnable whenOpened) {
        this.whenOpened = whenOpened;
        opening = most;
        for (int i = 0; i < most; i++) {
            open(create());
        }
    }

    private Connection create() {
        Connection connection = new Connection(this, request, ticker);
        live.add(connection);
        return connection;
    }

    private void open(Connection connection) {
        connection.open(bootstrap.clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(bytes, new HttpClientCodec(), connection);
            }
        }));
    }

    /** Why there is no connection at all; null when there is one. */
    @Nullable
    Throwable refusal() {
        return live.isEmpty() ? refused : null;
    }

    /** From here on requests are sent as they become due. */
    void begin(Demand demand, Measurement measurement) {
        work = new Work(demand, measurement);
    }

    /** Gives what is due to connections that are free, or can be opened. */
    void send() {
        if (sending || ending || work == null) {
            return;
        }
        sending = true;
        Demand demand = work.demand();
        while (demand.isDue() && (!free.isEmpty() || live.size() < most)) {
            long now = ticker.getAsLong();
            long due = demand.take(now);
            work.measurement().sent(due, now);
            if (free.isEmpty()) {
                Connection fresh = create();
                fresh.send(due, now);
                open(fresh);
            } else {
                free.remove().send(due, now);
            }
        }
        sending = false;
    }

    @Override
    public void free(Connection connection) {
        free.add(connection);
        settled();
        send();
    }

    @Override
    public void answered(long dueNanos, long sentNanos, long nowNanos, int status) {
        if (work != null) {
            work.demand().advance(nowNanos);
            work.measurement().answered(dueNanos, sentNanos, nowNanos, status);
        }
    }

    @Override
    public void failed(long dueNanos, long sentNanos, long nowNanos, Failure failure) {
        if (work != null) {
            work.measurement().failed(dueNanos, sentNanos, nowNanos, failure);
        }
    }

    @Override
    public void gone(Connection connection, @Nullable Throwable why) {
        free.remove(connection);
        if (connection.isConnected()) {
            closed += ending ? 1 : 0;
            lost += ending ? 0 : 1;
        }
        if (why != null) {
            refused = why;
        }
        if (why != null && work != null && work.demand() instanceof ClosedLoop) {
            later(() -> forget(connection), REST_MILLIS);
        } else {
            live.remove(connection);
            settled();
            later(this::send, 0);
        }
    }

    private void forget(Connection connection) {
        live.remove(connection);
        send();
    }

    /** Also for what follows at once: a connect that fails at once must not come back to itself. */
    private void later(Runnable what, long millis) {
        ScheduledFuture<?> _ = loop.schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    private void settled() {
        if (opening > 0 && --opening == 0) {
            whenOpened.run();
        }
    }

    @Override
    public void broken(Throwable mistake) {
        onMistake.accept(mistake);
    }

    /** Fails what has been under way for too long. */
    void giveUpAfter(long timeoutNanos, long nowNanos) {
        List.copyOf(live).forEach(connection -> connection.giveUpAfter(timeoutNanos, nowNanos));
    }

    boolean areIdle() {
        return live.stream().noneMatch(Connection::carries);
    }

    Report.Connections count() {
        long open = live.stream().filter(Connection::isConnected).count();
        return new Report.Connections(open + lost + closed, lost);
    }

    /** What has gone over the wire since the last call of {@link #countBytesAnew}. */
    Report.Bytes bytes() {
        return new Report.Bytes(bytes.received(), bytes.sent());
    }

    void countBytesAnew() {
        bytes.reset();
    }

    /** Closes all; what is still under way is unfinished. */
    void end() {
        ending = true;
        List.copyOf(live).forEach(connection -> connection.end(Failure.UNFINISHED));
    }
}
