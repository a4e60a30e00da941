package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeResult;
import dev.turnout.admin.DrainResult;
import dev.turnout.admin.RouteView;
import dev.turnout.admin.RouteView.SessionsView;
import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Target;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until nothing of a drained side is under way. Any thread. */
final class DrainWait {
    /** What every event loop needs at most to hear of it, also when no other time is given. */
    private static final long HEARD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PollTimer timer;
    private volatile boolean ended;

    DrainWait(PollTimer timer) {
        this.timer = timer;
    }

    /** Nobody waits any longer: it is as if their time were up. */
    void end() {
        ended = true;
    }

    /**
     * Returns when the side is empty, time is up, or it is not drained any more.
     *
     * @param begun completes when every request that was decided before is counted
     */
    DrainResult await(CompletableFuture<Void> begun, String route, Target target, Duration timeout,
            BooleanSupplier drained, Supplier<Optional<RouteView>> view) throws InterruptedException {
        long start = timer.nanos();
        while (true) {
            Optional<RouteView> seen = view.get();
            if (seen.isEmpty()) {
                return new DrainResult.Refused(new ChangeResult.UnknownRoute(route, List.of()));
            }
            if (!drained.getAsBoolean()) {
                return new DrainResult.Undone(seen.get());
            }
            TargetView side = Objects.requireNonNull(seen.get().targets().get(target));
            long nanos = timer.nanos() - start;
            long sessions = side.sessions().map(SessionsView::open).orElse(0L);
            if (begun.isDone() && side.inFlight() == 0 && side.tunnels() == 0 && sessions == 0) {
                return new DrainResult.Drained(seen.get(), Duration.ofNanos(nanos));
            }
            if (ended || nanos - timeout.toNanos() >= (begun.isDone() ? 0 : HEARD_NANOS)) {
                return new DrainResult.TimedOut(seen.get(), side.inFlight(), side.tunnels(), sessions);
            }
            timer.pause();
        }
    }
}
