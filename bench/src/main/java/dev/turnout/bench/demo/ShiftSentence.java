package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import java.util.ArrayList;
import java.util.List;

/** A verdict as the one line that a check ends with. */
final class ShiftSentence {
    private ShiftSentence() {}

    static String of(ShiftVerdict verdict, int users) {
        return verdict.holds()
                ? "check passed: " + passed(verdict, users)
                : "check failed: " + String.join("; ", failures(verdict));
    }

    private static String passed(ShiftVerdict verdict, int users) {
        long certain = verdict.checked().stream().mapToLong(ShiftVerdict.Checked::answers).sum();
        return (certain + verdict.overlapping()) + " requests of " + users
                + " users, no error, nobody on the wrong side; each of the " + (verdict.checked().size() - 1)
                + " changes decided every request that began after its acknowledgement ("
                + verdict.overlapping()
                + " requests overlapped one)";
    }

    private static List<String> failures(ShiftVerdict verdict) {
        List<String> failures = new ArrayList<>();
        if (!verdict.errors().isEmpty()) {
            ShiftVerdict.Failure first = verdict.errors().getFirst();
            failures.add(
                    verdict.errors().size() + " errors, the first: " + first.user() + ": " + first.why());
        }
        if (!verdict.wrongSides().isEmpty()) {
            ShiftVerdict.WrongSide first = verdict.wrongSides().getFirst();
            failures.add(verdict.wrongSides().size() + " answers by the wrong side, the first: "
                    + first.user() + " by "
                    + first.got().label() + " (expected: " + first.expected().label()
                    + ", by the weight in force when it was sent)");
        }
        for (ShiftVerdict.Checked checked : verdict.checked()) {
            if (checked.answers() == 0) {
                failures.add("no answer shows green=" + new Share(checked.greenPpm()) + " in force");
            }
        }
        return failures;
    }
}
