package dev.turnout.proxy.app;

import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wheel of time limits of each event loop, turning. */
final class Wheels {
    private static final Logger log = LoggerFactory.getLogger(Wheels.class);

    private Wheels() {}

    static Map<EventLoop, Deadlines> turning(EventLoops loops) {
        Map<EventLoop, Deadlines> wheels = new HashMap<>();
        loops.each().forEach(loop -> wheels.put(loop, turning(loop)));
        return wheels;
    }

    private static Deadlines turning(EventLoop loop) {
        Deadlines deadlines = new Deadlines(System.nanoTime());
        loop.scheduleAtFixedRate(() -> deadlines.advance(System.nanoTime()), Deadlines.TICK_NANOS,
                Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS).addListener(ended -> {
                    if (!ended.isCancelled()) {
                        log.error("time limits of an event loop have stopped", ended.cause());
                    }
                });
        return deadlines;
    }
}
