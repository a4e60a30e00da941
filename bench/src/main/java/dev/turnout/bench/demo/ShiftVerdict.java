package dev.turnout.bench.demo;

import dev.turnout.config.Target;
import java.util.List;

/**
 * What {@link ShiftCheck} found.
 *
 * @param checked for each weight in turn, how many answers only that weight can explain
 * @param overlapping how many answers a change overlapped; judged by all weights that may have been in force
 */
record ShiftVerdict(
        List<Failure> errors,
        List<WrongSide> wrongSides,
        List<Checked> checked,
        long overlapping) {
    record Failure(String user, String why) {}

    record WrongSide(String user, Target expected, Target got) {}

    record Checked(int greenPpm, long answers) {}

    ShiftVerdict {
        errors = List.copyOf(errors);
        wrongSides = List.copyOf(wrongSides);
        checked = List.copyOf(checked);
    }

    /** An error, or somebody on the wrong side: nothing that comes later can mend that. */
    boolean isBroken() {
        return !errors.isEmpty() || !wrongSides.isEmpty();
    }

    /** No error, nobody on the wrong side, and every weight was seen at work: silence proves nothing. */
    boolean holds() {
        return !isBroken() && checked.stream().allMatch(each -> each.answers() > 0);
    }
}
