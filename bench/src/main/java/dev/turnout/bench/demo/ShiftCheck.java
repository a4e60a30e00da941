package dev.turnout.bench.demo;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.demo.Answer.Failed;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Judges whether every user was answered by the side that the weight in force says, while the weight changed. Pure.
 *
 * <pre>
 *   weight 0 in force ----------------|.......|  weight 1 in force -----------|.......|  weight 2 in force
 *                                 requested  acknowledged               requested  acknowledged
 *                                     change 1                              change 2
 * </pre>
 *
 * Between request and acknowledgement (dotted) either weight may be in force, for each request anew; the client
 * cannot know better. So a request is judged by the weights that may have been in force at some moment between its
 * first and its last byte: with one of them its side is certain; with more it may be on any side that one of
 * them says, which still leaves a single one to all users whom the change does not move.
 */
final class ShiftCheck {
    /** Says whether a weight makes a user green. */
    @FunctionalInterface
    interface Rule {
        boolean isGreen(String user, int greenPpm);
    }

    private final Rule rule;
    private final int firstPpm;
    private final List<WeightChange> changes;

    /**
     * @param firstPpm green's share before the first change
     * @param changes in the order in which they were made, one after the other
     */
    ShiftCheck(Rule rule, int firstPpm, List<WeightChange> changes) {
        for (int i = 1; i < changes.size(); i++) {
            if (changes.get(i).requestedNanos() - changes.get(i - 1).acknowledgedNanos() < 0) {
                throw new IllegalArgumentException(
                        "changes: number " + (i + 1) + " was requested before number " + i
                                + " was acknowledged (expected: one after the other)");
            }
        }
        this.rule = rule;
        this.firstPpm = firstPpm;
        this.changes = List.copyOf(changes);
    }

    ShiftVerdict judge(Iterable<Answer> answers) {
        List<ShiftVerdict.WrongSide> wrong = new ArrayList<>();
        List<ShiftVerdict.Failure> errors = new ArrayList<>();
        long[] certain = new long[changes.size() + 1];
        long overlapping = 0;
        for (Answer answer : answers) {
            switch (answer.outcome()) {
                case Failed failed -> errors.add(new ShiftVerdict.Failure(answer.user(), failed.why()));
                case AnsweredBy by -> {
                    int oldest = oldestWeight(answer);
                    int newest = newestWeight(answer);
                    if (oldest == newest) {
                        certain[oldest]++;
                    } else {
                        overlapping++;
                    }
                    Set<Target> expected = sides(answer.user(), oldest, newest);
                    if (!expected.contains(by.side())) {
                        wrong.add(new ShiftVerdict.WrongSide(answer.user(), expected.iterator().next(),
                                by.side()));
                    }
                }
            }
        }
        return new ShiftVerdict(errors, wrong, counts(certain), overlapping);
    }

    /** The first weight that may still have been in force when the request began: its successor's acknowledgement had not come. */
    private int oldestWeight(Answer answer) {
        int weight = 0;
        while (weight < changes.size() && changes.get(weight).acknowledgedNanos() - answer.sentNanos() < 0) {
            weight++;
        }
        return weight;
    }

    /** The last weight that may already have been in force when the request ended: it had been requested. */
    private int newestWeight(Answer answer) {
        int weight = changes.size();
        while (weight > 0 && changes.get(weight - 1).requestedNanos() - answer.doneNanos() > 0) {
            weight--;
        }
        return weight;
    }

    private Set<Target> sides(String user, int oldest, int newest) {
        Set<Target> sides = EnumSet.noneOf(Target.class);
        for (int weight = oldest; weight <= newest; weight++) {
            sides.add(rule.isGreen(user, ppm(weight)) ? Target.GREEN : Target.BLUE);
        }
        return sides;
    }

    private int ppm(int weight) {
        return weight == 0 ? firstPpm : changes.get(weight - 1).greenPpm();
    }

    private List<ShiftVerdict.Checked> counts(long[] certain) {
        List<ShiftVerdict.Checked> counts = new ArrayList<>();
        for (int weight = 0; weight < certain.length; weight++) {
            counts.add(new ShiftVerdict.Checked(ppm(weight), certain[weight]));
        }
        return counts;
    }
}
