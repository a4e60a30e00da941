package dev.turnout.bench.demo;

import dev.turnout.bench.signal.Stop;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One line a second about where the traffic goes. On a terminal it is written over, until somebody changes the route. */
final class LiveShow {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int BAR = 40;
    private static final String OVERWRITE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final Supplier<LoadCounts> load;
    private final Operator operator;
    private final LongSupplier ticker;

    /** Confined to the thread that runs the show, as are the next two. */
    private LoadCounts before = new LoadCounts(0, 0, 0, Optional.empty());
    private long beforeNanos;
    private Optional<RouteState> shown = Optional.empty();

    /** @param terminal whether a line can be written over */
    LiveShow(PrintWriter out, boolean terminal, Supplier<LoadCounts> load, Operator operator,
            LongSupplier ticker) {
        this.out = out;
        this.terminal = terminal;
        this.load = load;
        this.operator = operator;
        this.ticker = ticker;
    }

    /** Ends by itself, or when it shall stop, or when nobody reads what it prints. */
    void run(Duration atMost, Stop stop) throws InterruptedException {
        long began = ticker.getAsLong();
        beforeNanos = began;
        boolean over = false;
        for (long tick = SECOND; !over; tick += SECOND) {
            long due = Math.min(tick, atMost.toNanos());
            boolean stopped = stop.within(began + due - ticker.getAsLong());
            if (!stopped) {
                show();
            }
            over = stopped || due == atMost.toNanos() || out.checkError();
        }
        if (terminal) {
            out.println();
        }
    }

    private void show() throws InterruptedException {
        Optional<RouteState> state = state();
        if (terminal) {
            out.print(shown.isPresent() && !shown.equals(state) ? System.lineSeparator() : OVERWRITE);
        }
        shown = state;
        LoadCounts now = load.get();
        long nowNanos = ticker.getAsLong();
        String line = line(now, Math.max(1, nowNanos - beforeNanos), state);
        if (terminal) {
            out.print(line);
        } else {
            out.println(line);
        }
        out.flush();
        before = now;
        beforeNanos = nowNanos;
    }

    private String line(LoadCounts now, long nanos, Optional<RouteState> state) {
        long blueRate = perSecond(now.blue() - before.blue(), nanos);
        long greenRate = perSecond(now.green() - before.green(), nanos);
        return String.format(Locale.ROOT, "blue %4d/s  green %4d/s  errors %d  green's share %-8s [%s]",
                blueRate, greenRate,
                now.failed(), state.map(RouteState::toString).orElse("unknown"), bar(blueRate, greenRate));
    }

    /** Blue from the left, green from the right. */
    private static String bar(long blue, long green) {
        if (blue + green == 0) {
            return " ".repeat(BAR);
        }
        int greens = Math.toIntExact(Math.round((double) BAR * green / (blue + green)));
        return "b".repeat(BAR - greens) + "G".repeat(greens);
    }

    private static long perSecond(long count, long nanos) {
        return Math.round((double) count * SECOND / nanos);
    }

    private Optional<RouteState> state() throws InterruptedException {
        try {
            return Optional.of(operator.state());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
