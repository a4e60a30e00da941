package dev.turnout.bench.http;

import dev.turnout.proxy.net.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A load on one event loop, from the first connect to the last answer. {@link #start} and {@link #stop}: any thread. */
final class HttpLoad {
    private final LoadPlan plan;
    private final Run.Clocks clocks;
    private final EventLoop loop;
    private final FullHttpRequest request;
    private final Connections connections;
    private final CompletableFuture<Run.Result> result = new CompletableFuture<>();

    private @Nullable Run run;

    /** @param loops the first of them is used */
    HttpLoad(LoadPlan plan, InetSocketAddress target, EventLoops loops, Run.Clocks clocks) {
        this.plan = plan;
        this.clocks = clocks;
        this.loop = loops.each().getFirst();
        this.request = plan.call().request();
        Bootstrap bootstrap = new Bootstrap().group(loop)
                .channel(loops.channel())
                .remoteAddress(target)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(plan.pace().timeout().toMillis()));
        this.connections = new Connections(bootstrap, loop, request, plan.connections(), clocks.ticker(),
                result::completeExceptionally);
    }

    /**
     * Completes when all is over: with a ConnectException when no connection could be opened at all, and with a
     * CancellationException when it was stopped before anything was measured.
     */
    CompletableFuture<Run.Result> start() {
        CompletableFuture<Run.Result> ended = result.whenComplete((_, _) -> loop.execute(this::cleanUp));
        later(() -> connections.open(() -> later(this::begin, 0)), 0);
        return ended;
    }

    /** Ends it early: what was measured so far is the result. */
    void stop() {
        later(() -> {
            if (run == null || !run.stop()) {
                result.completeExceptionally(
                        new CancellationException());
            }
        }, 0);
    }

    private void begin() {
        Throwable refusal = connections.refusal();
        if (refusal != null) {
            var down = new ConnectException(refusal.getMessage());
            down.initCause(refusal);
            result.completeExceptionally(down);
        } else if (!result.isDone()) {
            run = new Run(plan, connections, clocks);
            tick(run);
        }
    }

    private void tick(Run current) {
        long next = current.tick();
        if (next == 0) {
            result.complete(current.result());
        } else if (!result.isDone()) {
            later(() -> tick(current), next);
        }
    }

    /** A mistake of ours ends the load: nobody else would tell. */
    private void later(Runnable what, long nanos) {
        ScheduledFuture<?> _ = loop.schedule(() -> {
            try {
                what.run();
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }, nanos, TimeUnit.NANOSECONDS);
    }

    private void cleanUp() {
        connections.end();
        request.release();
    }
}
