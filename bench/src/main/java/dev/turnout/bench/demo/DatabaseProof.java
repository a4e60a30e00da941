package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The application's sessions are all on blue, a share that would give the data a second writer is refused, and what was
 * acknowledged is there: on blue, and after a moment on green. Ends the application.
 */
final class DatabaseProof implements Proof {
    private static final Share TWO_WRITERS = new Share(Share.WHOLE_PPM / 2);
    private static final SessionCounts ALL_ON_BLUE = new SessionCounts(OrderDesk.CLERKS, 0);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Duration catchUp;

    /** @param catchUp how long green may take to have what blue has */
    DatabaseProof(Duration catchUp) {
        this.catchUp = catchUp;
    }

    @Override
    public void run(UnderLoad load) throws IOException, InterruptedException {
        OrderDesk desk = load.desk();
        for (Operator operator : load.stage().databaseOperators()) {
            expectSessions(operator);
            String refusal = operator.refusal(TWO_WRITERS);
            load.say("database: green=" + TWO_WRITERS + " by " + operator.way() + " would give two writers: "
                    + refusal + ".");
            expectSessions(operator);
        }
        Seen held = load.hold();
        desk.close();
        if (!desk.isWell() || desk.total() == 0) {
            throw new IOException("database: " + desk + " (expected: some, and none)");
        }
        Map<Integer, Long> written = desk.written();
        Map<Integer, Long> onBlue = sorted(DatabasePair.orders(load.stage().databases().blue()));
        if (!onBlue.equals(written)) {
            throw new IOException("database: blue holds " + onBlue + " orders by clerk (expected: " + written
                    + ", those that were acknowledged)");
        }
        Duration after = awaitOnGreen(load, written);
        load.say("database: " + OrderDesk.CLERKS + " clerks, " + ALL_ON_BLUE + ", wrote " + desk.total()
                + " orders and read each back; all are on blue, and on green after " + after.toMillis()
                + " ms; meanwhile " + held + ".");
    }

    private static void expectSessions(Operator operator) throws IOException, InterruptedException {
        SessionCounts found = operator.sessions();
        if (!found.equals(ALL_ON_BLUE)) {
            throw new IOException(
                    "database: " + operator.way() + " counts sessions, " + found + " (expected: "
                            + ALL_ON_BLUE + ")");
        }
    }

    private Duration awaitOnGreen(UnderLoad load, Map<Integer, Long> written)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        Map<Integer, Long> onGreen = Map.of();
        while (System.nanoTime() - began < catchUp.toNanos()) {
            onGreen = sorted(DatabasePair.orders(load.stage().databases().green()));
            if (onGreen.equals(written)) {
                return Duration.ofNanos(System.nanoTime() - began);
            }
            load.pause(BETWEEN_LOOKS);
        }
        throw new IOException("database: after " + catchUp.toMillis() + " ms green holds " + onGreen
                + " orders by clerk (expected: " + written + ", as blue)");
    }

    private static Map<Integer, Long> sorted(Map<Integer, Long> orders) {
        return new TreeMap<>(orders);
    }
}
