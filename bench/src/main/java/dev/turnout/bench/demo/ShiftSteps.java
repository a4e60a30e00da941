package dev.turnout.bench.demo;

import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.signal.Stop;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.Cohort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** Shifts the users of a steady load from blue to green and back, step by step, and says what became of them. */
final class ShiftSteps {
    private static final byte[] SALT = StageConfig.ROUTE.getBytes(StandardCharsets.UTF_8);
    /** The documented hash, from the key alone. */
    private static final ShiftCheck.Rule RULE = (user, ppm) -> Cohort.side(SALT,
            user.getBytes(StandardCharsets.UTF_8), new Share(ppm)) == Target.GREEN;

    private static final List<Share> SHARES = List.of(new Share(Share.WHOLE_PPM / 2), Share.ALL, Share.NONE);
    private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(10);
    private static final int USERS = 200;
    private static final int PER_SECOND = 500;

    private final Stage stage;
    private final Duration hold;
    private final Stop stop;
    private final PrintWriter out;
    private final LongSupplier ticker;
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<WeightChange> changes = new ArrayList<>();

    /** @param hold how long to stay at each share */
    ShiftSteps(Stage stage, Duration hold, Stop stop, PrintWriter out, LongSupplier ticker) {
        this.stage = stage;
        this.hold = hold;
        this.stop = stop;
        this.out = out;
        this.ticker = ticker;
    }

    /** Returns whether all of it held; the last line says so too, and if not, why. */
    boolean run() throws InterruptedException {
        out.println("The check: " + USERS + " users send " + PER_SECOND
                + " requests a second; green's share goes "
                + StageConfig.FIRST + ", 50%, 100%, 0%, for " + hold.toMillis() + " ms each.");
        out.flush();
        try {
            warmUp();
            shift();
        } catch (IOException e) {
            out.println("check failed: " + e.getMessage());
            return false;
        }
        ShiftVerdict verdict = new ShiftCheck(RULE, StageConfig.FIRST.ppm(), changes).judge(answers);
        out.println(ShiftSentence.of(verdict, USERS));
        return verdict.holds();
    }

    /**
     * Every user once, one after the other, so that the load does not pile up while a JVM that has just started loads
     * its classes; not judged. The first call of the admin API is slow for the same reason.
     */
    private void warmUp() throws IOException, InterruptedException {
        try (LoadConnection connection = LoadConnection.open(stage.route(), WARM_UP_TIMEOUT)) {
            for (String user : KeyedLoad.users(USERS)) {
                connection.get(DemoService.USER_COOKIE + "=" + user);
            }
        }
        Share found = stage.weight().green();
        if (!found.equals(StageConfig.FIRST)) {
            throw new IOException("green=" + found + " at the start (expected: " + StageConfig.FIRST + ")");
        }
    }

    private void shift() throws IOException, InterruptedException {
        try (KeyedLoad load = new KeyedLoad(stage.route(), KeyedLoad.users(USERS), PER_SECOND, ticker,
                answers::add)) {
            load.start();
            hold(StageConfig.FIRST, ticker.getAsLong(), "from the start");
            for (Share green : SHARES) {
                change(green);
            }
        }
    }

    private void change(Share green) throws IOException, InterruptedException {
        long requested = ticker.getAsLong();
        try {
            stage.weight().set(green);
        } catch (IOException e) {
            throw new IOException("green=" + green + " was not acknowledged: " + e.getMessage(), e);
        }
        long acknowledged = ticker.getAsLong();
        changes.add(new WeightChange(requested, acknowledged, green.ppm()));
        hold(green, acknowledged,
                "acknowledged after " + Duration.ofNanos(acknowledged - requested).toMillis() + " ms");
    }

    private void hold(Share green, long since, String how) throws IOException, InterruptedException {
        if (stop.within(hold.toNanos())) {
            throw new IOException("stopped at green=" + green + ", before all steps were done");
        }
        List<Answer> held = answers.stream().filter(answer -> answer.sentNanos() - since > 0).toList();
        ShiftVerdict verdict = new ShiftCheck(RULE, green.ppm(), List.of()).judge(held);
        out.println("green=" + green + ", " + how + ": " + held.size() + " requests, "
                + verdict.errors().size() + " errors, " + verdict.wrongSides().size()
                + " by the wrong side; green answered " + realised(held) + ".");
        out.flush();
    }

    private static String realised(Collection<Answer> held) {
        Set<String> all = new HashSet<>();
        Set<String> green = new HashSet<>();
        for (Answer answer : held) {
            all.add(answer.user());
            if (answer.outcome() instanceof AnsweredBy(Target side) && side == Target.GREEN) {
                green.add(answer.user());
            }
        }
        double percent = all.isEmpty() ? 0 : 100.0 * green.size() / all.size();
        return String.format(Locale.ROOT, "%d of %d users (%.1f%%)", green.size(), all.size(), percent);
    }
}
