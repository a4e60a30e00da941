package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import java.io.IOException;
import java.util.List;

/** A weight counts from the moment it is acknowledged, whoever sets it: by turns the API and the command line. */
final class ShiftProof implements Proof {
    private static final List<Share> SHARES = List.of(new Share(Share.WHOLE_PPM / 2), Share.ALL, Share.NONE);

    @Override
    public void run(UnderLoad load) throws IOException, InterruptedException {
        load.say("shift: green=" + StageConfig.FIRST + ", from the start: " + load.hold() + ".");
        for (int i = 0; i < SHARES.size(); i++) {
            Share green = SHARES.get(i);
            Operator operator = i % 2 == 0 ? load.api() : load.commandLine();
            load.change(green, "green=" + green, () -> operator.set(green));
            load.say("shift: green=" + green + " by " + operator.way() + ", " + load.acknowledged() + ": "
                    + load.hold() + ".");
        }
    }
}
