package dev.turnout.proxy.metrics.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class AccessLogTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(AccessLog.class);

    @TempDir
    Path folder = Path.of("");

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        LOGGER.setAdditive(false);
        LOGGER.setLevel(ch.qos.logback.classic.Level.INFO);
        said.start();
        LOGGER.addAppender(said);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(said);
        LOGGER.setLevel(null);
        LOGGER.setAdditive(true);
    }

    private List<String> said() {
        return said.list.stream().map(event -> event.getLevel() + " " + event.getFormattedMessage()).toList();
    }

    private Path file() {
        return folder.resolve("access.log");
    }

    private static List<Thread> writers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("turnout-access-log")).toList();
    }

    private static void awaitWritten(AccessLog log, long entries) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> log.written() == entries);
    }

    /** A place that takes nothing before it is told to. */
    private static final class SlowOutput implements Output {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch told = new CountDownLatch(1);

        @Override
        public void write(ByteBuffer lines) throws IOException {
            reached.countDown();
            try {
                told.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            lines.position(lines.limit());
        }

        @Override
        public void close() {}
    }

    @Test
    void writesWithoutBeingClosed() throws IOException {
        try (AccessLog log = AccessLog.open(file().toString())) {
            assertThat(log.offer(Entries.of("/1"))).isTrue();
            awaitWritten(log, 1);
            assertThat(log.offer(Entries.of("/2"))).isTrue();
            awaitWritten(log, 2);
            assertThat(Entries.paths(file())).containsExactly("/1", "/2");
        }
    }

    @Test
    void keepsTheOrderOfAThread() throws IOException {
        List<String> paths = IntStream.range(0, 5000).mapToObj(i -> "/" + i).toList();
        try (AccessLog log = AccessLog.open(file().toString())) {
            paths.forEach(path -> log.offer(Entries.of(path)));
        }
        assertThat(Entries.paths(file())).isEqualTo(paths);
    }

    @Test
    void closingWritesWhatWaitsAndLeavesNoThread() throws IOException {
        List<Thread> before = writers();
        AccessLog log = AccessLog.open(file().toString());
        assertThat(writers()).hasSize(before.size() + 1).allMatch(Thread::isDaemon);
        for (int i = 0; i < 1000; i++) {
            log.offer(Entries.of("/" + i));
        }
        log.close();
        assertThat(log.written()).isEqualTo(1000);
        assertThat(Entries.paths(file())).hasSize(1000);
        assertThat(writers()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(log.offer(Entries.of("/late"))).isFalse();
        assertThat(log.dropped()).isEqualTo(1);
        log.close();
    }

    @Test
    void aFullQueueDropsAndMakesNobodyWait() throws InterruptedException {
        SlowOutput slow = new SlowOutput();
        AccessLog log = new AccessLog(slow);
        try {
            log.offer(Entries.of("/"));
            assertThat(slow.reached.await(10, TimeUnit.SECONDS)).isTrue();
            int accepted = 1;
            for (int i = 1; i < 20_000; i++) {
                accepted += log.offer(Entries.of("/")) ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(AccessLog.MAX_WAITING_BYTES / Entries.of("/").weight());
            assertThat(log.dropped()).isEqualTo(20_000 - accepted);
            assertThat(log.written()).isZero();
            slow.told.countDown();
            awaitWritten(log, accepted);
            assertThat(log.offer(Entries.of("/"))).as("there is room again").isTrue();
        } finally {
            slow.told.countDown();
            log.close();
        }
    }

    @Test
    void longTargetsFillTheQueueSooner() throws InterruptedException {
        SlowOutput slow = new SlowOutput();
        AccessLog log = new AccessLog(slow);
        try {
            AccessEntry entry = Entries.of("/".repeat(16 * 1024));
            int accepted = 0;
            while (log.offer(entry)) {
                accepted++;
            }
            assertThat(accepted).isEqualTo(AccessLog.MAX_WAITING_BYTES / entry.weight());
        } finally {
            slow.told.countDown();
            log.close();
        }
        assertThat(log.written()).isPositive();
    }

    @Test
    void aPlaceThatTakesNothingHoldsTheEndUpForTwoSecondsOnly() throws InterruptedException {
        SlowOutput stuck = new SlowOutput();
        AccessLog log = new AccessLog(stuck);
        List<Thread> stuckWriters = writers();
        log.offer(Entries.of("/stuck"));
        assertThat(stuck.reached.await(10, TimeUnit.SECONDS)).isTrue();
        log.offer(Entries.of("/waits"));
        log.close();
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(said()).containsExactly(
                "WARN access log closed dropped=1: the last lines could not be written in time");
        stuck.told.countDown();
        for (Thread writer : stuckWriters) {
            assertThat(writer.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(log.written()).isEqualTo(1);
    }

    @Test
    void everyEntryOfManyThreadsIsWrittenWholeOrCounted() throws IOException, InterruptedException {
        int producers = 4;
        int each = 50_000;
        AtomicLong accepted = new AtomicLong();
        AccessLog log = AccessLog.open(file().toString());
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            String prefix = "/" + p + "/";
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    if (log.offer(Entries.of(prefix + i))) {
                        accepted.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();
        assertThat(log.written() + log.dropped()).isEqualTo((long) producers * each);
        assertThat(log.written()).isEqualTo(accepted.get()).isPositive();
        List<String> paths = Entries.paths(file());
        assertThat(paths).hasSize((int) log.written()).doesNotHaveDuplicates();
        for (int p = 0; p < producers; p++) {
            String prefix = "/" + p + "/";
            assertThat(paths.stream().filter(path -> path.startsWith(prefix))
                    .map(path -> Integer.parseInt(path.substring(prefix.length())))).isSorted();
        }
    }

    @Test
    void entriesThatRaceWithTheEndAreWrittenOrCounted() throws IOException, InterruptedException {
        for (int round = 0; round < 50; round++) {
            AccessLog log = AccessLog.open("/dev/null");
            AtomicBoolean ended = new AtomicBoolean();
            AtomicLong offered = new AtomicLong();
            CountDownLatch begun = new CountDownLatch(1);
            Thread producer = Thread.ofPlatform().start(() -> {
                AccessEntry entry = Entries.of("/");
                while (!ended.get()) {
                    log.offer(entry);
                    offered.incrementAndGet();
                    begun.countDown();
                }
            });
            begun.await();
            log.close();
            ended.set(true);
            producer.join();
            assertThat(log.written() + log.dropped()).isEqualTo(offered.get());
        }
    }

    @Test
    void theLinesOfTwoLogsInOneFileStayWhole() throws IOException, InterruptedException {
        int each = 20_000;
        List<AccessLog> logs = List.of(AccessLog.open(file().toString()), AccessLog.open(file().toString()));
        List<Thread> threads = new ArrayList<>();
        for (AccessLog log : logs) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    log.offer(Entries.of("/" + "x".repeat(i % 300)));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        logs.forEach(AccessLog::close);
        assertThat(Entries.paths(file()).size()).isEqualTo(logs.stream().mapToLong(AccessLog::written).sum());
    }

    @Test
    void aFullDiskIsSaidOnceAndCostsOnlyLines() throws IOException {
        try (AccessLog log = AccessLog.open("/dev/full")) {
            for (int i = 1; i <= 3; i++) {
                int attempt = i;
                assertThat(log.offer(Entries.of("/"))).isTrue();
                await().until(() -> log.failed() == attempt);
            }
            await().until(() -> log.dropped() == 3);
            assertThat(log.written()).isZero();
        }
        assertThat(said()).containsExactly(
                "ERROR access-log: /dev/full: No space left on device; requests are not logged until it can be"
                        + " written again");
    }

    @Test
    void saysWhenItIsWrittenAgain() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        Output output = new Output() {
            @Override
            public void write(ByteBuffer lines) throws IOException {
                if (full.get()) {
                    throw new IOException("access-log: /x: No space left on device");
                }
                lines.position(lines.limit());
            }

            @Override
            public void close() {}
        };
        try (AccessLog log = new AccessLog(output)) {
            log.offer(Entries.of("/"));
            await().until(() -> log.dropped() == 1);
            full.set(false);
            log.offer(Entries.of("/"));
            awaitWritten(log, 1);
        }
        assertThat(said()).hasSize(2).last().isEqualTo("INFO access log is written again dropped=1");
    }

    @Test
    void countsTheWholeLinesOfAWriteThatBrokeOff() {
        Output output = new Output() {
            @Override
            public void write(ByteBuffer lines) throws IOException {
                int secondLine = Entries.line(Entries.of("/")).length() + 1;
                lines.position(Math.min(secondLine + 10, lines.limit()));
                throw new IOException("access-log: /x: No space left on device");
            }

            @Override
            public void close() {}
        };
        AccessLog log = new AccessLog(output);
        for (int i = 0; i < 3; i++) {
            log.offer(Entries.of("/"));
        }
        log.close();
        assertThat(log.written() + log.dropped()).isEqualTo(3);
        assertThat(log.written()).as("one for each write").isEqualTo(log.failed());
    }

    @Test
    void followsARenamedFile() throws IOException {
        AtomicLong now = new AtomicLong();
        try (AccessLog log = AccessLog.open(file().toString(), now::get)) {
            log.offer(Entries.of("/1"));
            awaitWritten(log, 1);
            Path old = Files.move(file(), folder.resolve("access.log.1"));
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            log.offer(Entries.of("/2"));
            awaitWritten(log, 2);
            assertThat(Entries.paths(old)).containsExactly("/1");
            assertThat(Entries.paths(file())).containsExactly("/2");
        }
    }

    @Test
    void refusesWhatCannotBeAPath() {
        assertThatIOException().isThrownBy(() -> AccessLog.open("a\0b"))
                .withMessageStartingWith("access-log: ").withMessageContaining("(expected: a path");
    }

    @Test
    void startsNoThreadForAPlaceThatCannotBe() {
        List<Thread> before = writers();
        assertThatIOException().isThrownBy(() -> AccessLog.open(folder.toString()));
        assertThat(writers()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void writesToStandardOutputAndLeavesItOpen() throws IOException, InterruptedException {
        AccessLogProcess.run(2, file());
        assertThat(Entries.paths(file())).containsExactly("/0/0", "/0/1", "/1/0", "/1/1");
    }
}
