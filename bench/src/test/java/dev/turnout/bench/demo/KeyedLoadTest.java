package dev.turnout.bench.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.bench.ScriptedServer;
import dev.turnout.bench.demo.Answer.AnsweredBy;
import dev.turnout.bench.demo.Answer.Failed;
import dev.turnout.config.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyedLoadTest {
    private static final List<String> USERS = KeyedLoad.users(3);
    private static final int TEN_PER_SECOND = 10;

    private final AtomicLong now = new AtomicLong(-1_000_000);
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private KeyedLoad load(InetSocketAddress address) {
        return new KeyedLoad(address, USERS, TEN_PER_SECOND, now::get, answers::add);
    }

    private void advanceMillis(long millis) {
        now.addAndGet(MILLISECONDS.toNanos(millis));
    }

    private void awaitAnswers(int count) {
        await().until(() -> answers.size() == count);
    }

    @Test
    void sendsOneRequestPerIntervalWhateverTheTick() throws IOException {
        try (DemoService blue = DemoService.start("blue"); KeyedLoad load = load(blue.address())) {
            load.sendDue();
            load.sendDue();
            awaitAnswers(1);
            advanceMillis(99);
            load.sendDue();
            advanceMillis(1);
            load.sendDue();
            awaitAnswers(2);
            // The clock was held up for a second: what became due meanwhile is sent, not forgotten.
            advanceMillis(1_000);
            load.sendDue();
            awaitAnswers(12);
            assertThat(blue.requests()).isEqualTo(12);
        }
    }

    @Test
    void sendsTheUsersInTurn() throws IOException {
        try (DemoService blue = DemoService.start("blue"); KeyedLoad load = load(blue.address())) {
            for (int i = 1; i <= 4; i++) {
                load.sendDue();
                awaitAnswers(i);
                advanceMillis(100);
            }
            assertThat(answers).extracting(Answer::user).containsExactly("user-0", "user-1", "user-2",
                    "user-0");
        }
    }

    @Test
    void tellsOfEveryAnswerWhoGaveItAndWhen() throws IOException {
        try (DemoService green = DemoService.start("green"); KeyedLoad load = load(green.address())) {
            load.sendDue();
            awaitAnswers(1);

            assertThat(answers).containsExactly(
                    new Answer("user-0", now.get(), now.get(), new AnsweredBy(Target.GREEN)));
            assertThat(load.counts()).isEqualTo(new LoadCounts(0, 1, 0, Optional.empty()));
        }
    }

    @Test
    void usesItsConnectionsAgainUntilTheyWereIdleForTooLong() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nX-Answered-By: blue\r\nContent-Length: 0\r\n\r\n";
        // The third request on one connection would fail.
        try (ScriptedServer server = new ScriptedServer(answer, 2); KeyedLoad load = load(server.address())) {
            load.sendDue();
            awaitAnswers(1);
            advanceMillis(100);
            load.sendDue();
            awaitAnswers(2);
            advanceMillis(1_000);
            load.sendDue();
            awaitAnswers(12);
            assertThat(answers.stream().limit(3)).extracting(Answer::outcome)
                    .containsOnly(new AnsweredBy(Target.BLUE));
        }
    }

    @Test
    void reportsABrokenConnectionAndDoesNotTryAgain() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nX-Answered-By: blue\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(answer, 1); KeyedLoad load = load(server.address())) {
            load.sendDue();
            awaitAnswers(1);
            advanceMillis(100);
            load.sendDue();
            awaitAnswers(2);

            assertThat(server.requests()).as("a repeated GET would hide a lost one").isEqualTo(2);
            assertThat(load.counts().failed()).isEqualTo(1);
            assertThat(load.counts().firstFailure()).hasValueSatisfying(
                    words -> assertThat(words).startsWith("user-1: EOFException: connection closed"));
        }
    }

    @Test
    void reportsAnotherStatusWithWhatTheAnswerSaid() throws IOException {
        String answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 20\r\n\r\nno_healthy_endpoint\n";
        try (ScriptedServer server = new ScriptedServer(answer, 9); KeyedLoad load = load(server.address())) {
            load.sendDue();
            awaitAnswers(1);
            assertThat(answers).extracting(Answer::outcome)
                    .containsExactly(new Failed("status 503: no_healthy_endpoint"));
        }
    }

    @Test
    void reportsAnAnswerThatIsNobodys() throws IOException {
        try (DemoService shadow = DemoService.start("shadow"); KeyedLoad load = load(shadow.address())) {
            load.sendDue();
            awaitAnswers(1);
            assertThat(answers).extracting(Answer::outcome)
                    .containsExactly(new Failed("X-Answered-By: shadow (expected: blue or green)"));
        }
    }

    @Test
    void keepsTheFirstFailureInWords() throws IOException {
        DemoService gone = DemoService.start("blue");
        gone.close();
        try (KeyedLoad load = load(gone.address())) {
            load.sendDue();
            awaitAnswers(1);
            advanceMillis(300);
            load.sendDue();
            awaitAnswers(4);

            assertThat(load.counts().failed()).isEqualTo(4);
            assertThat(load.counts().answers()).isEqualTo(4);
            assertThat(load.counts().firstFailure()).hasValueSatisfying(
                    words -> assertThat(words).startsWith("user-0: ConnectException"));
        }
    }

    @Test
    void runsByItselfUntilClosedAndLeavesNothingBehind() throws IOException {
        try (DemoService blue = DemoService.start("blue")) {
            KeyedLoad load = new KeyedLoad(blue.address(), USERS, 500, System::nanoTime, answers::add);
            load.start();
            await().until(() -> answers.size() >= 50);
            load.close();

            long sent = blue.requests();
            assertThat(load.counts()).isEqualTo(new LoadCounts(sent, 0, 0, Optional.empty()));
            assertThat(answers).hasSize((int) sent);
            // An executor calls itself terminated a moment before its last thread is gone.
            await().untilAsserted(
                    () -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                            .doesNotContain("demo-load"));
        }
    }

    @Test
    void waitsForTheAnswersUnderWayWhenClosed() throws IOException {
        try (DemoService blue = DemoService.start("blue")) {
            KeyedLoad load = load(blue.address());
            advanceMillis(10_000);
            load.sendDue();
            load.close();

            assertThat(load.counts().blue()).isEqualTo(101);
        }
    }

    @Test
    void refusesUsersAndRatesThatItCannotSend() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 1);

        assertThatThrownBy(() -> new KeyedLoad(nowhere, List.of("a b"), 1, now::get, answers::add))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyedLoad(nowhere, List.of(), 1, now::get, answers::add))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyedLoad(nowhere, USERS, 0, now::get, answers::add))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected: 1..100000");
    }

    @Test
    void countsTheConnectionsThatTheOtherEndClosedAlsoWhileNobodyUsedThem() throws IOException {
        DemoService blue = DemoService.start("blue");
        try (KeyedLoad load = load(blue.address())) {
            try (blue) {
                load.sendDue();
                awaitAnswers(1);
                assertThat(load.connections()).isEqualTo(new ConnectionCounts(1, 0));
            }

            await().until(() -> load.connections().equals(new ConnectionCounts(1, 1)));
        }
    }
}
