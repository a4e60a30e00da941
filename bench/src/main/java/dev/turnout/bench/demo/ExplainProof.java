package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The side that is explained, by the API and by the command line, is the side that answers; an override included. */
final class ExplainProof implements Proof {
    private static final Share GREEN = new Share(Share.WHOLE_PPM / 2);
    /** At 50 % some of them are on blue and some on green: that is certain, as it follows from their names alone. */
    private static final List<String> ASKED = KeyedLoad.users(8);

    @Override
    public void run(UnderLoad load) throws IOException, InterruptedException {
        load.change(GREEN, "green=" + GREEN, () -> load.commandLine().set(GREEN));
        Map<Target, Integer> sides = new EnumMap<>(Target.class);
        try (LoadConnection connection = load.connect()) {
            for (String user : ASKED) {
                sides.merge(confirmed(load, connection, new Sample(user, false), "cohort"), 1, Integer::sum);
                Target canary = confirmed(load, connection, new Sample(user, true), "override");
                if (canary != Target.GREEN) {
                    throw new IOException("explain: " + user + " with " + StageConfig.CANARY + ": "
                            + canary.label() + " (expected: green)");
                }
            }
        }
        if (sides.size() < Target.values().length) {
            throw new IOException("explain: all of " + ASKED + " are on " + sides.keySet()
                    + " at green=" + GREEN + " (expected: some on each side)");
        }
        load.say("explain: at green=" + GREEN + " the API and the command line name the same side for "
                + ASKED.size() + " users, and that side answers them: blue " + sides.get(Target.BLUE)
                + ", green " + sides.get(Target.GREEN) + "; with " + StageConfig.CANARY + ": "
                + StageConfig.ALWAYS + " green answers all " + ASKED.size() + "; meanwhile " + load.hold()
                + ".");
    }

    /** The side, if all agree about it. */
    private static Target confirmed(UnderLoad load, LoadConnection connection, Sample sample, String rung)
            throws IOException, InterruptedException {
        Explained byApi = load.api().explain(sample);
        Explained byCommand = load.commandLine().explain(sample);
        Target answered = UnderLoad.ask(connection, "/", sample);
        if (!byApi.equals(byCommand) || byApi.side() != answered || !byApi.rung().equals(rung)) {
            throw new IOException(
                    "explain: " + sample.user() + (sample.canary() ? " with " + StageConfig.CANARY : "")
                            + ": the API says " + byApi + ", the command line says " + byCommand + ", and "
                            + answered.label() + " answered (expected: one side, by " + rung + ")");
        }
        return answered;
    }
}
