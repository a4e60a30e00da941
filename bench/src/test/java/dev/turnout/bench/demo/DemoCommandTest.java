package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.Main;
import dev.turnout.bench.ScriptedServer;
import dev.turnout.bench.TurnoutProcess;
import dev.turnout.config.Share;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The demo as a user runs it, and with parts that misbehave. */
@Timeout(60)
class DemoCommandTest {
    /** Threads that the JVM and its libraries keep for everybody. */
    private static final Pattern SHARED = Pattern.compile(
            "ForkJoinPool.*|VirtualThread-.*|MasterPoller|CommonCleaner|Cleaner-.*|.*[Rr]eference.*|Attach.*|process reaper.*|"
                    + "globalEventExecutor.*|Keep-Alive.*|awaitility.*|junit-.*");
    private static final Duration HOLD = Duration.ofMillis(700);
    private static final int SIGTERM = 15;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Set<Thread> threadsBefore = Set.of();

    @BeforeEach
    void lookAround() {
        threadsBefore = Thread.getAllStackTraces().keySet();
    }

    @AfterEach
    void leavesNoThreadAndNoFolder() throws IOException {
        assertThat(foldersOf(ProcessHandle.current().pid())).isEmpty();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> !SHARED.matcher(name).matches())).isEmpty());
    }

    private int run(CommandLine line, String... args) {
        return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    }

    private int check(Side.Starter sides, UnaryOperator<Operator> operator) {
        return run(
                new CommandLine(new DemoCommand(new DemoParts(sides, DatabasePair::start, operator, HOLD))),
                "--check");
    }

    @Test
    void checksThatEverythingKeepsItsWord() {
        assertThat(run(Main.commandLine(), "demo", "--check")).as("%s%s", out, err).isEqualTo(ExitCode.DONE);

        String requests = ": \\d{3,4} requests, 0 errors, 0 by the wrong side; green answered ";
        assertThat(out.toString())
                .containsPattern("shift: green=0%, from the start" + requests + "0 of 200 users \\(0\\.0%\\)")
                .containsPattern("shift: green=50% by the API, acknowledged after \\d+ ms" + requests
                        + "(8|9|10|11)\\d of 200 users")
                .containsPattern("shift: green=100% by the command line, .* green answered 200 of 200 users")
                .containsPattern("shift: green=0% by the API, .* green answered 0 of 200 users")
                .containsPattern(
                        "explain: at green=50% the API and the command line name the same side for 8 users,"
                                + " and that side answers them: blue [1-7], green [1-7]; with x-canary: always green answers"
                                + " all 8;")
                .containsPattern(
                        "drain: blue by the command line, acknowledged after \\d+ ms \\(limit 10 s\\),"
                                + " none reached blue since" + requests + "200 of 200 users")
                .containsPattern("drain: undone by green=50%, .* green answered (8|9|10|11)\\d of 200 users")
                .containsPattern(
                        "reload: green=30% and a second route, by the API, .* 0 by the wrong side; .*"
                                + " green answered /news on a connection that was open before")
                .containsPattern(
                        "reload: the wrong file, by the command line, changed nothing: .*turnout\\.conf.*130%")
                .containsPattern(
                        "reload: the first file again, .* none of the load's \\d+ connections was lost")
                .containsPattern(
                        "database: green=50% by the API would give two writers: refused with 409 one_writer")
                .containsPattern("database: green=50% by the command line .*: refused with exit code 3")
                .containsPattern(
                        "database: 4 clerks, 4 on blue and 0 on green, wrote \\d{2,4} orders and read each"
                                + " back; all are on blue, and on green after \\d+ ms; .* 0 errors")
                .containsPattern("check passed: \\d{4,5} requests of 200 users, no error.*\\s$");
    }

    @Test
    void showsWhereTheTrafficGoesUntilItsTimeIsUp() {
        assertThat(run(Main.commandLine(), "demo", "--seconds", "2")).as("%s%s", out, err)
                .isEqualTo(ExitCode.DONE);

        assertThat(out.toString()).containsPattern("split shop green=50% .*--token demo-\\w+")
                .containsPattern("(?m)^blue +\\d+/s  green +0/s  errors 0  green's share 0% +\\[b{40}]$")
                .containsPattern(
                        "Ended after \\d+ s: \\d{3} requests of 200 users, .* 0 errors; \\d{2,3} orders were"
                                + " written to the database, 0 failed\\.")
                .doesNotContain("\r\u001b", "\u001b[K");
    }

    @Test
    void namesTheUserWhomTheWrongSideAnswered() {
        // Both say that they are blue.
        assertThat(check(_ -> DemoService.start("blue"), UnaryOperator.identity()))
                .isEqualTo(ExitCode.FAILED);

        assertThat(lastLine()).matches("check failed: \\d+ answers by the wrong side, the first:"
                + " user-\\d+ by blue \\(expected: green, by the weight in force when it was sent\\)");
    }

    @Test
    void failsWhenAServiceReturnsErrors() {
        Side.Starter brokenGreen = name -> name.equals("green") ? new Broken() : DemoService.start(name);

        assertThat(check(brokenGreen, UnaryOperator.identity())).isEqualTo(ExitCode.FAILED);
        assertThat(lastLine())
                .matches("check failed: \\d+ errors, the first: user-\\d+: status 500: out of order.*");
    }

    @Test
    void failsWhenAnAcknowledgedChangeIsNotApplied() {
        assertThat(check(DemoService::start, Forgetful::new)).isEqualTo(ExitCode.FAILED);

        assertThat(lastLine()).matches("check failed: \\d+ answers by the wrong side, the first:"
                + " user-\\d+ by blue \\(expected: green, .*");
    }

    @Test
    void failsWhenAChangeIsRefused() {
        assertThat(check(DemoService::start, Refusing::new)).isEqualTo(ExitCode.FAILED);

        assertThat(lastLine()).isEqualTo("check failed: green=50% was not acknowledged: no disk");
    }

    @Test
    void givesTheTokenAndTheAddressThatTheOtherCommandsNeed() throws Exception {
        Process demo = start("demo");
        try (var said = demo.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.contains(" split shop ")) {
                line = said.readLine();
            }
            assertThat(line).isNotNull();
            String words = line.substring(line.indexOf(" split shop ") + 1);
            assertThat(run(Main.commandLine(), words.split(" "))).as("%s: %s", words, err).isZero();
            while (line != null && !line.contains("share 50%")) {
                line = said.readLine();
            }
            line = said.readLine();
            Matcher rates = Pattern.compile("blue +(\\d+)/s  green +(\\d+)/s  errors 0 .*\\[b+G+]")
                    .matcher(String.valueOf(line));
            assertThat(rates.matches()).as(line).isTrue();
            int blue = Integer.parseInt(rates.group(1));
            int green = Integer.parseInt(rates.group(2));
            assertThat(100.0 * green / (blue + green)).isBetween(35.0, 65.0);

            demo.toHandle().destroy(); // by its handle: the process's own would also close the pipe
            assertThat(said.readAllAsString())
                    .containsPattern("Ended after .*, 0 errors; .* 0 failed\\.\\s$");
        } finally {
            demo.destroyForcibly();
        }
        assertThat(demo.waitFor()).isEqualTo(128 + SIGTERM);
        assertThat(foldersOf(demo.pid())).isEmpty();
    }

    @Test
    void saysSoWhenItIsStoppedInTheMiddleOfACheck() throws Exception {
        Process demo = start("demo", "--check");
        try (var said = demo.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.startsWith("shift: green=0%")) {
                line = said.readLine();
            }
            demo.toHandle().destroy();
            assertThat(said.readAllAsString())
                    .containsPattern(
                            "check failed: stopped at green=\\d+%, before all steps were done\\s$");
        } finally {
            demo.destroyForcibly();
        }
        assertThat(demo.waitFor()).isEqualTo(128 + SIGTERM);
        assertThat(foldersOf(demo.pid())).isEmpty();
    }

    @Test
    void takesAnotherPortWhereTheUsualOneIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            assertThat(FreePort.preferably(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
        }
        int free = FreePort.any();
        assertThat(FreePort.preferably(free)).isEqualTo(free);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seconds 0", "--seconds 5 --check", "--seconds x"})
    void refusesWhatMakesNoSense(String options) {
        assertThat(run(Main.commandLine(), ("demo " + options).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("turnout: ").contains("--seconds");
    }

    private String lastLine() {
        return out.toString().lines().toList().getLast();
    }

    private static Process start(String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(TurnoutProcess.command(List.of(args)));
        return builder.redirectErrorStream(true).start();
    }

    private static List<Path> foldersOf(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("turnout-demo-" + pid + "-"))
                    .collect(Collectors.toList());
        }
    }

    /** Answers everything with an error. */
    private static final class Broken implements Side {
        private final ScriptedServer server = new ScriptedServer(
                "HTTP/1.1 500 Oops\r\nContent-Length: 12\r\n\r\nout of order", Integer.MAX_VALUE);

        Broken() throws IOException {}

        @Override
        public InetSocketAddress address() {
            return server.address();
        }

        @Override
        public long requests() {
            return server.requests();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** Acknowledges every change of the weight, and makes none. */
    private static final class Forgetful extends AlteredOperator {
        Forgetful(Operator real) {
            super(real);
        }

        @Override
        public void set(Share green) {}
    }

    private static final class Refusing extends AlteredOperator {
        Refusing(Operator real) {
            super(real);
        }

        @Override
        public void set(Share green) throws IOException {
            throw new IOException("no disk");
        }
    }
}
