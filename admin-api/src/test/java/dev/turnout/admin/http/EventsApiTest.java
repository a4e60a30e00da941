package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsApiTest {
    private static final String EVENTS = "/api/v1/events";
    private static final String FIRST = """
            id: 1
            event: split
            data: {"number":1,"at":"2026-11-20T12:00:01Z","kind":"split","route":"shop","actor":"ops","text":"one"}
            """;

    private final EventReaders readers = new EventReaders();
    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir,
                new AdminServer.Timing(InstantSource.system(), Duration.ofMillis(300),
                        Duration.ofMillis(50)));
    }

    @AfterEach
    void stop() throws Exception {
        readers.close();
        admin.close();
    }

    private void happens(String... texts) {
        for (String text : texts) {
            admin.events.happens("split", text);
        }
    }

    private static String textOf(String message) {
        return message.replaceAll("(?s).*\"text\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void tellsWhatHappensFromNowOn() throws Exception {
        happens("before");
        var reader = readers.add(admin, "", "");
        assertThat(reader.status()).isEqualTo("HTTP/1.1 200 OK");
        happens("after");
        assertThat(textOf(reader.next())).isEqualTo("after");
    }

    @Test
    void tellsAllThatIsKeptInTheFormOfServerSentEvents() throws Exception {
        happens("one", "two");
        var reader = readers.add(admin, "?after=0", "");
        assertThat(reader.next()).isEqualTo(FIRST);
        assertThat(textOf(reader.next())).isEqualTo("two");
        happens("three");
        assertThat(textOf(reader.next())).isEqualTo("three");
    }

    @ParameterizedTest
    @CsvSource({"?after=1,'',two", "'','Last-Event-ID: 2',three", "?after=0,'Last-Event-ID: 1',two"})
    void goesOnWhereAReaderStopped(String query, String header, String next) throws Exception {
        happens("one", "two", "three");
        var reader = readers.add(admin, query, header.isEmpty() ? "" : header + "\r\n");
        assertThat(textOf(reader.next())).isEqualTo(next);
    }

    @Test
    void missesNothingWhenTheProxyStartedAgain() throws Exception {
        happens("one", "two", "three");
        admin.events.restart();
        happens("anew");
        assertThat(textOf(readers.add(admin, "", "Last-Event-ID: 3\r\n").next())).isEqualTo("anew");
        assertThat(list("?after=3")).contains("anew");
    }

    @Test
    void showsThatItLivesPastTheIdleTimeout() throws Exception {
        var reader = readers.add(admin, "", "");
        for (int beats = 0; beats < 10; beats += reader.line().equals(":") ? 1 : 0) {
            assertThat(admin.events.listeners()).isEqualTo(1);
        }
        happens("still");
        assertThat(textOf(reader.next())).isEqualTo("still");
    }

    @Test
    void forgetsAReaderThatLeaves() throws Exception {
        readers.add(admin, "", "");
        assertThat(admin.events.listeners()).isEqualTo(1);
        readers.close();
        await().untilAsserted(() -> assertThat(admin.events.listeners()).isZero());
    }

    @Test
    void opensAsManyAsItMayAndAgainWhenOneEnds() throws Exception {
        for (int i = 0; i < EventStreams.MAX; i++) {
            assertThat(readers.add(admin, "", "").status()).isEqualTo("HTTP/1.1 200 OK");
        }
        var refused = admin.send(admin.as(AdminFixture.VIEWER, EVENTS));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("too_many_streams");
        assertThat(list("")).as("a list is no stream").isEqualTo("[]");
        happens("to all");
        readers.close();
        await().untilAsserted(() -> assertThat(admin.events.listeners()).isZero());
        assertThat(readers.add(admin, "", "").status()).isEqualTo("HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20_000})
    void cutsOffAReaderThatDoesNotRead(int length) throws Exception {
        var lazy = readers.add(admin, "", "");
        String text = "x".repeat(length);
        await().pollInSameThread().pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
            for (int i = 0; i < EventBacklog.MAX_EVENTS / 2; i++) {
                happens(text);
            }
            admin.events.forget();
            assertThat(admin.events.listeners()).isZero();
        });
        lazy.toTheEnd();
    }

    @Test
    void keepsAReaderThatReads() throws Exception {
        var eager = readers.add(admin, "", "");
        for (int burst = 0; burst < 20; burst++) {
            for (int i = 0; i < EventBacklog.MAX_EVENTS; i++) {
                happens("n" + i);
            }
            for (int i = 0; i < EventBacklog.MAX_EVENTS; i++) {
                assertThat(textOf(eager.next())).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void keepsUpWithAReaderThatReadsMoreThanMayWait() throws Exception {
        for (int i = 0; i < 3 * EventBacklog.MAX_EVENTS; i++) {
            happens("n" + i);
        }
        var reader = readers.add(admin, "?after=0", "");
        for (int i = 0; i < 3 * EventBacklog.MAX_EVENTS; i++) {
            assertThat(textOf(reader.next())).isEqualTo("n" + i);
        }
    }

    @Test
    void endsStreamsWhenTheServerCloses() throws Exception {
        var reader = readers.add(admin, "", "");
        long before = System.nanoTime();
        admin.server.close();
        reader.toTheEnd();
        assertThat(admin.events.listeners()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    }

    private String list(String query) throws Exception {
        return admin.send(admin.as(AdminFixture.VIEWER, EVENTS + query).header("Accept", "application/json"))
                .body();
    }

    @Test
    void listsWhatIsKept() throws Exception {
        happens("one", "two");
        assertThat(list("")).startsWith("[{\"number\":1,").contains("\"text\":\"two\"");
        assertThat(list("?after=1")).startsWith("[{\"number\":2,");
        assertThat(list("?after=2")).isEqualTo("[]");
    }

    @Test
    void answersHeadWithoutAStream() throws Exception {
        var head = admin.send(admin.as(AdminFixture.VIEWER, EVENTS).HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(admin.events.listeners()).isZero();
    }

    @Test
    void streamsToWhoeverWouldRatherHaveAStream() throws Exception {
        happens("one");
        assertThat(readers.add(admin, "?after=0", "Accept: text/event-stream, application/json\r\n").next())
                .isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Last-Event-ID: x\r\n", "Last-Event-ID: -1\r\n", "Last-Event-ID:\r\n",
        "Last-Event-ID: 1\r\nLast-Event-ID: 2\r\n", "Last-Event-ID: 99999999999999999999\r\n"})
    void refusesAPlaceThatIsNone(String header) throws Exception {
        assertThat(admin.raw("GET " + EVENTS + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.VIEWER + "\r\n" + header + "\r\n"))
                .startsWith("HTTP/1.1 400 ").contains("Last-Event-ID: ");
        assertThat(admin.events.listeners()).isZero();
    }
}
