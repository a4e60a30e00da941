package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A drained side gets nothing more from the moment it is acknowledged, nobody notices, and a split brings it back. */
final class DrainProof implements Proof {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final Share AFTERWARDS = new Share(Share.WHOLE_PPM / 2);

    @Override
    public void run(UnderLoad load) throws IOException, InterruptedException {
        Operator operator = load.commandLine();
        load.change(Share.ALL, "drain of blue", () -> operator.drain(Target.BLUE, AT_MOST));
        long before = load.stage().blue().requests();
        expectDrained(load, Optional.of(Target.BLUE));
        Seen drained = load.hold();
        long reached = load.stage().blue().requests() - before;
        if (reached > 0) {
            throw new IOException(
                    "drain: " + reached + " requests reached blue after it was drained (expected: none)");
        }
        load.say("drain: blue by " + operator.way() + ", " + load.acknowledged() + " (limit "
                + AT_MOST.toSeconds()
                + " s), none reached blue since: " + drained + ".");
        load.change(AFTERWARDS, "green=" + AFTERWARDS, () -> load.api().set(AFTERWARDS));
        expectDrained(load, Optional.empty());
        load.say("drain: undone by green=" + AFTERWARDS + ", " + load.acknowledged() + ": " + load.hold()
                + ".");
    }

    private static void expectDrained(UnderLoad load, Optional<Target> side)
            throws IOException, InterruptedException {
        Optional<Target> shown = load.api().state().drained();
        if (!shown.equals(side)) {
            throw new IOException(
                    "drain: the route shows " + name(shown) + " as drained (expected: " + name(side) + ")");
        }
    }

    private static String name(Optional<Target> side) {
        return side.map(Target::label).orElse("nothing");
    }
}
