package dev.turnout.bench.demo;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.config.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What became of the requests of a while in which one weight was in force.
 *
 * @param users all that were answered, and
 * @param green those of them whom green answered at least once
 */
record Seen(int requests, ShiftVerdict verdict, Set<String> users, Set<String> green) {
    static Seen of(List<Answer> answers, ShiftVerdict verdict) {
        Set<String> users = new HashSet<>();
        Set<String> green = new HashSet<>();
        for (Answer answer : answers) {
            users.add(answer.user());
            if (answer.outcome() instanceof AnsweredBy(Target side) && side == Target.GREEN) {
                green.add(answer.user());
            }
        }
        return new Seen(answers.size(), verdict, users, green);
    }

    /** As the middle of a sentence. */
    @Override
    public String toString() {
        double percent = users.isEmpty() ? 0 : 100.0 * green.size() / users.size();
        return String.format(Locale.ROOT,
                "%d requests, %d errors, %d by the wrong side; green answered %d of %d users (%.1f%%)",
                requests,
                verdict.errors().size(), verdict.wrongSides().size(), green.size(), users.size(), percent);
    }
}
