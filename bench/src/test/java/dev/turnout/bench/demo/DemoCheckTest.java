package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.signal.Stop;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each proof fails when what it is about does not keep its word. */
@Timeout(60)
class DemoCheckTest {
    private static final Duration HOLD = Duration.ofMillis(700);
    private static final Proof DATABASE = new DatabaseProof(Duration.ofMillis(300));

    private String run(Proof proof, UnaryOperator<Operator> operator) throws Exception {
        return run(proof, new DemoParts(DemoService::start, DatabasePair::start, operator, HOLD));
    }

    private String run(Proof proof, DemoParts parts) throws Exception {
        StringWriter out = new StringWriter();
        try (Stop stop = Stop.onSignal();
                Stage stage = Stage.start(parts, false);
                UnderLoad load = new UnderLoad(stage, parts.hold(), stop, new PrintWriter(out, true),
                        System::nanoTime)) {
            assertThat(new DemoCheck(load, List.of(proof)).run()).as("%s", out).isFalse();
        }
        return out.toString().lines().toList().getLast();
    }

    @Test
    void failsWhenTheExplainedSideIsNotTheOneThatAnswers() throws Exception {
        assertThat(run(new ExplainProof(), Liar::new)).matches(
                "check failed: explain: user-0: the API says (blue|green) by cohort, the command line says \\1 by cohort,"
                        + " and (?!\\1)(blue|green) answered \\(expected: one side, by cohort\\)");
    }

    @Test
    void failsWhenTheTwoWaysToAskDisagree() throws Exception {
        assertThat(run(new ExplainProof(), real -> real instanceof CommandOperator ? new Liar(real) : real))
                .matches(
                        "check failed: explain: user-0: the API says (blue|green) by cohort, the command line says"
                                + " (?!\\1)(blue|green) by cohort, and \\1 answered .*");
    }

    @Test
    void failsWhenAnAcknowledgedDrainIsNotMade() throws Exception {
        assertThat(run(new DrainProof(), real -> new AlteredOperator(real) {
            @Override
            public void drain(Target side, Duration atMost) {}
        })).isEqualTo("check failed: drain: the route shows nothing as drained (expected: blue)");
    }

    @Test
    void failsWhenADrainedSideIsStillReached() throws Exception {
        // Its counter rises whether or not anybody asks.
        Side.Starter haunted = name -> new Haunted(DemoService.start(name));

        assertThat(run(new DrainProof(),
                new DemoParts(haunted, DatabasePair::start, UnaryOperator.identity(), HOLD)))
                .isEqualTo(
                        "check failed: drain: 1 requests reached blue after it was drained (expected: none)");
    }

    @Test
    void failsWhenAnAcknowledgedReloadIsNotMade() throws Exception {
        assertThat(run(new ReloadProof(), real -> new AlteredOperator(real) {
            @Override
            public Reloaded reload() {
                return new Reloaded.Applied(List.of("everything"));
            }
        })).isEqualTo("check failed: reload: after the reload blue answered /news (expected: green)");
    }

    @Test
    void failsWhenAWrongFileIsAccepted() throws Exception {
        assertThat(run(new ReloadProof(), real -> new AlteredOperator(real) {
            @Override
            public Reloaded reload() throws IOException, InterruptedException {
                return real.reload() instanceof Reloaded.Applied applied
                        ? applied
                        : new Reloaded.Applied(List.of());
            }
        })).startsWith("check failed: reload: a file with green=130% was not refused with that problem");
    }

    @Test
    void failsWhenAReloadIsRefused() throws Exception {
        assertThat(run(new ReloadProof(), real -> new AlteredOperator(real) {
            @Override
            public Reloaded reload() {
                return new Reloaded.Refused(List.of("line 3: no"));
            }
        })).isEqualTo("check failed: reload was not acknowledged: refused, [line 3: no]");
    }

    @Test
    void failsWhenASessionIsOnTheOtherSide() throws Exception {
        assertThat(run(DATABASE, real -> new AlteredOperator(real) {
            @Override
            public SessionCounts sessions() {
                return new SessionCounts(3, 1);
            }
        })).isEqualTo("check failed: database: the API counts sessions, 3 on blue and 1 on green"
                + " (expected: 4 on blue and 0 on green)");
    }

    @Test
    void failsWhenASecondWriterIsNotRefused() throws Exception {
        assertThat(run(DATABASE, real -> new AlteredOperator(real) {
            @Override
            public String refusal(Share green) throws IOException, InterruptedException {
                return real.refusal(Share.NONE);
            }
        })).startsWith("check failed: the admin API answered 200 to green=0%: ")
                .endsWith(" (expected: 409, one_writer)");
    }

    @Test
    void failsWhenAnOrderIsLost() throws Exception {
        assertThat(run(DATABASE, databases(
                pair -> pair.blue().execute("CREATE RULE lost AS ON INSERT TO orders DO INSTEAD NOTHING"))))
                .matches(
                        "check failed: database: \\d+ orders were written to the database, \\d+ failed, the first: clerk \\d:"
                                + " wrote order \\d+ and read back 0 \\(expected: some, and none\\)");
    }

    @Test
    void failsWhenGreenDoesNotFollow() throws Exception {
        assertThat(run(DATABASE, databases(
                pair -> pair.green().execute("ALTER SUBSCRIPTION shop_sub DISABLE"))))
                .startsWith("check failed: database: after 300 ms green holds ");
    }

    private static DemoParts databases(Flaw flaw) {
        return new DemoParts(DemoService::start, () -> {
            DatabasePair pair = DatabasePair.start();
            try {
                flaw.in(pair);
                return pair;
            } catch (SQLException e) {
                pair.close();
                throw new IOException(e);
            }
        }, UnaryOperator.identity(), HOLD);
    }

    /** What is wrong with a pair of databases. */
    @FunctionalInterface
    private interface Flaw {
        void in(DatabasePair pair) throws SQLException;
    }

    /** Explains every request by the other side. */
    private static final class Liar extends AlteredOperator {
        Liar(Operator real) {
            super(real);
        }

        @Override
        public Explained explain(Sample sample) throws IOException, InterruptedException {
            Explained truth = super.explain(sample);
            return new Explained(truth.side().other(), truth.rung());
        }
    }

    /** A side that counts a request each time it is asked for its count. */
    private static final class Haunted implements Side {
        private final Side real;
        private long asked;

        Haunted(Side real) {
            this.real = real;
        }

        @Override
        public InetSocketAddress address() {
            return real.address();
        }

        @Override
        public long requests() {
            return real.requests() + asked++;
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
