package dev.turnout.proxy.upstream.health;

import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.upstream.health.Checks.Subject;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checks of one endpoint, one after the other. Confined to the loop. */
final class CheckRounds {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final Subject subject;
    private final HealthConfig health;
    private final Consumer<CheckResult> results;
    /** The next check, or the time-out of the one under way. */
    private @Nullable Future<?> timer;
    private @Nullable Channel underWay;
    private boolean ended;
    private long begunNanos;

    CheckRounds(EventLoop loop, Bootstrap bootstrap, Subject subject, HealthConfig health,
            Consumer<CheckResult> results) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.subject = subject;
        this.health = health;
        this.results = results;
    }

    void begin(long delayNanos) {
        if (!ended) {
            timer = loop.schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    void end() {
        ended = true;
        stopTimer();
        if (underWay != null) {
            Channels.close(underWay);
        }
    }

    private void check() {
        begunNanos = loop.ticker().nanoTime();
        ChannelFuture connected = bootstrap.clone()
                .handler(new ChannelInboundHandlerAdapter())
                .connect(subject.socketAddress());
        Channel channel = connected.channel();
        underWay = channel;
        timer = loop.schedule(() -> finish(channel, false, "time-out after " + text(health.timeout())),
                health.timeout().toNanos(), TimeUnit.NANOSECONDS);
        connected.addListener(done -> onConnected(channel, done.cause()));
    }

    private void onConnected(Channel channel, @Nullable Throwable failure) {
        if (failure != null) {
            finish(channel, false, reason(failure));
        } else if (health.check() == Check.HTTP) {
            channel.pipeline().addLast(new HttpCheck(this));
            Channels.write(channel, HttpCheck.request(channel.alloc(), subject.address(), health.path()));
            channel.flush();
        } else {
            finish(channel, true, "connected");
        }
    }

    /** Only the first word counts: closing the channel makes it speak again. */
    void finish(Channel channel, boolean passed, String detail) {
        if (ended || !channel.equals(underWay)) {
            return;
        }
        underWay = null;
        stopTimer();
        Channels.close(channel);
        begin(Math.max(0, health.interval().toNanos() - (loop.ticker().nanoTime() - begunNanos)));
        results.accept(new CheckResult(passed, detail));
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof ConnectException && message.contains("refused")
                ? "connect refused"
                : message;
    }

    private static String text(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
