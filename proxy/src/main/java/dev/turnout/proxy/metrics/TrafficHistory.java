package dev.turnout.proxy.metrics;

import dev.turnout.config.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The last ten minutes of one route, out of what it has counted since its start. The last minute is kept in slices from
 * one tick to the next, what is older in slices of half a minute; a slice without a request is not kept. Any thread.
 *
 * <p>A route that is idle for ten minutes keeps nothing. One whose sides answer ten requests a second each keeps about
 * 8 KB; with a hundred a second each, 10 KB: 10 MB for 1 000 such routes.
 */
final class TrafficHistory {
    static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long FINE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long COARSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What each side did between two moments, packed. */
    private static final class Slice {
        private final long startNanos;
        private final long endNanos;
        private final byte[] blue;
        private final byte[] green;

        Slice(long startNanos, long endNanos, byte[] blue, byte[] green) {
            this.startNanos = startNanos;
            this.endNanos = endNanos;
            this.blue = blue;
            this.green = green;
        }

        byte[] of(Target target) {
            return switch (target) {
                case BLUE -> blue;
                case GREEN -> green;
            };
        }

        Slice with(Slice later) {
            return new Slice(startNanos, later.endNanos, sum(blue, later.blue), sum(green, later.green));
        }

        private static byte[] sum(byte[] some, byte[] more) {
            Tally both = new Tally();
            both.add(some);
            both.add(more);
            return both.packed();
        }
    }

    private final long startNanos;
    private final List<Slice> slices = new ArrayList<>(0);
    /** From the start to the last tick. */
    private Slice before;
    private long endedBefore;

    TrafficHistory(long startNanos) {
        this.startNanos = startNanos;
        before = new Slice(startNanos, startNanos, Tally.NOTHING, Tally.NOTHING);
    }

    /**
     * Begins a slice.
     *
     * @param ended requests since the start, of both sides: without a new one there is nothing to keep
     * @param sinceStart of each side
     */
    synchronized void tick(long nowNanos, long ended, Function<Target, Tally> sinceStart) {
        if (ended == endedBefore) {
            before = new Slice(startNanos, nowNanos, before.blue, before.green);
        } else {
            Tally blue = sinceStart.apply(Target.BLUE);
            Tally green = sinceStart.apply(Target.GREEN);
            endedBefore = blue.requests() + green.requests();
            Slice until = new Slice(startNanos, nowNanos, blue.packed(), green.packed());
            blue.subtract(before.blue);
            green.subtract(before.green);
            slices.add(new Slice(before.endNanos, nowNanos, blue.packed(), green.packed()));
            before = until;
        }
        forget(nowNanos);
    }

    private void forget(long nowNanos) {
        slices.removeIf(slice -> nowNanos - slice.endNanos >= KEPT_NANOS);
        for (int i = slices.size() - 1; i > 0; i--) {
            Slice later = slices.get(i);
            Slice earlier = slices.get(i - 1);
            if (nowNanos - later.endNanos >= FINE_NANOS && coarse(later) == coarse(earlier)) {
                slices.set(i - 1, earlier.with(later));
                slices.remove(i);
            }
        }
    }

    /** Which half minute since the start a slice ends in. */
    private long coarse(Slice slice) {
        return (slice.endNanos - startNanos - 1) / COARSE_NANOS;
    }

    /**
     * What each side did from {@code window} ago, rounded up to whole slices, to now.
     *
     * @param sinceStart of each side
     */
    synchronized Map<Target, Recent> recent(Duration window, long nowNanos,
            Function<Target, Tally> sinceStart) {
        long asked = nowNanos - Math.min(window.toNanos(), KEPT_NANOS);
        List<Slice> within = slices.stream().filter(slice -> slice.endNanos - asked > 0).toList();
        long first = within.isEmpty() ? before.endNanos : within.getFirst().startNanos;
        long from = first - asked < 0 ? first : asked;
        Duration over = Duration.ofNanos(nowNanos - (from - startNanos < 0 ? startNanos : from));
        Map<Target, Recent> recent = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            Tally tally = sinceStart.apply(target);
            tally.subtract(before.of(target));
            within.forEach(slice -> tally.add(slice.of(target)));
            recent.put(target, Recent.of(over, tally));
        }
        return recent;
    }
}
