package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Proofs, one after the other, under one load that is judged from its first to its last request. */
final class DemoCheck {
    static final List<Proof> PROOFS = List.of(new ShiftProof(), new ExplainProof(), new DrainProof(),
            new ReloadProof(), new DatabaseProof(Duration.ofSeconds(10)));

    private final UnderLoad load;
    private final List<Proof> proofs;

    DemoCheck(UnderLoad load, List<Proof> proofs) {
        this.load = load;
        this.proofs = proofs;
    }

    /** Returns whether all of it held; the last line says so too, and if not, why. */
    boolean run() throws InterruptedException {
        load.say("The check: " + UnderLoad.USERS + " users send " + UnderLoad.PER_SECOND
                + " requests a second,"
                + " and " + OrderDesk.CLERKS
                + " clerks write to a database, while the weight is shifted, users are"
                + " explained, blue is drained, the file is read again, and a second writer is refused.");
        ShiftVerdict verdict;
        try {
            warmUp();
            load.start();
            for (Proof proof : proofs) {
                proof.run(load);
                if (load.verdict().isBroken()) {
                    break;
                }
            }
            load.close();
            verdict = load.verdict();
        } catch (IOException e) {
            load.say("check failed: " + e.getMessage());
            return false;
        }
        load.say(ShiftSentence.of(verdict, UnderLoad.USERS));
        return verdict.holds();
    }

    /**
     * Every user once, one after the other, so that the load does not pile up while a JVM that has just started loads
     * its classes; not judged. The first call of each operator is slow for the same reason.
     */
    private void warmUp() throws IOException, InterruptedException {
        try (LoadConnection connection = load.connect()) {
            for (String user : KeyedLoad.users(UnderLoad.USERS)) {
                UnderLoad.ask(connection, "/", new Sample(user, false));
            }
        }
        for (Operator operator : load.stage().operators()) {
            Share found = operator.state().green();
            if (!found.equals(StageConfig.FIRST)) {
                throw new IOException(
                        "green=" + found + " at the start (expected: " + StageConfig.FIRST + ")");
            }
        }
    }
}
