package dev.turnout.proxy.upstream.health;

import dev.turnout.config.HealthConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** {@link Checks} on one event loop, which also calls the results. Any thread. */
public final class EventLoopChecks implements Checks {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final RandomGenerator random;

    /** @param random used on the loop only */
    public EventLoopChecks(EventLoop loop, Class<? extends SocketChannel> channel, RandomGenerator random) {
        this.loop = loop;
        this.random = random;
        bootstrap = new Bootstrap().group(loop)
                .channel(channel)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                // The time-out of the whole check bounds it.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    }

    @Override
    public Watch watch(Subject subject, HealthConfig health, Consumer<CheckResult> results) {
        CheckRounds rounds = new CheckRounds(loop, bootstrap, subject, health, results);
        loop.execute(() -> rounds.begin(subject.atOnce() ? 0 : random.nextLong(health.interval().toNanos())));
        return () -> loop.execute(rounds::end);
    }
}
