package dev.turnout.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsCommandTest {
    private static final String FIRST = event(1, "00:00:01.5", "proxy", "started");
    private static final String SECOND = event(2, "00:00:02", "split", "shop: green 5% -> 12.5% by ops");
    private static final String THIRD = event(3, "00:00:03", "drain", "shop: blue is drained");
    private static final String ANEW = event(1, "00:01:00", "proxy", "started anew");
    private static final String ANEW_SECOND = event(2, "00:01:01", "split", "shop: green 5% -> 1%");

    private final ScriptedApi api = new ScriptedApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private static String event(int number, String time, String kind, String text) {
        return "{'number':" + number + ",'at':'2026-11-20T" + time + "Z','kind':'" + kind
                + "','route':null,'actor':null,'text':'" + text + "'}";
    }

    private void keeps(String target, String... events) {
        api.on("GET", target, ScriptedApi.json("[" + String.join(",", events) + "]"));
    }

    @Test
    void printsWhatIsKept() {
        keeps("/events?after=0", FIRST, SECOND);
        Cli turnout = api.cli();
        assertThat(turnout.run("events")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(
                "2026-11-20T00:00:01Z  proxy     started",
                "2026-11-20T00:00:02Z  split     shop: green 5% -> 12.5% by ops");
        assertThat(api.requests()).extracting(request -> request.getHeader("Accept"))
                .as("else the API holds a stream open").containsExactly("application/json");
    }

    @Test
    void printsOnlyLaterOnesAsOneObjectOnEachLine() {
        keeps("/events?after=1", SECOND, THIRD);
        Cli turnout = api.cli();
        assertThat(turnout.run("events", "--after", "1", "-o", "json")).isEqualTo(ExitCode.DONE);
        assertThat(turnout.out().lines()).containsExactly(SECOND.replace('\'', '"'),
                THIRD.replace('\'', '"'));
    }

    @Test
    void refusesANumberThatThereCannotBe() {
        Cli turnout = api.cli();
        assertThat(turnout.run("events", "--after", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(turnout.err()).contains("--after: -1 (expected: 0 or more)");
    }

    private List<String> watch(Runnable... acts) {
        Deque<Runnable> left = new ArrayDeque<>(List.of(acts));
        Cli turnout = api.cli(new EventsCommand(() -> {
            Runnable act = left.poll();
            if (act != null) {
                act.run();
            }
            return act != null;
        }));
        assertThat(turnout.run("events", "-w")).isEqualTo(ExitCode.DONE);
        return turnout.out().lines().map(line -> line.substring(32)).toList();
    }

    @Test
    void goesOnWithWhatHappensWithoutGapOrRepetition() {
        keeps("/events?after=0");
        assertThat(watch(() -> keeps("/events?after=0", FIRST, SECOND),
                () -> keeps("/events?after=1", SECOND),
                () -> keeps("/events?after=1", SECOND, THIRD),
                () -> keeps("/events?after=2", THIRD)))
                .containsExactly("started", "shop: green 5% -> 12.5% by ops", "shop: blue is drained");
        assertThat(api.requests()).extracting(LoggedRequest::getUrl).containsExactly("/api/v1/events?after=0",
                "/api/v1/events?after=0", "/api/v1/events?after=1", "/api/v1/events?after=1",
                "/api/v1/events?after=2");
    }

    @Test
    void noticesThatTheProxyBeganToCountAnew() {
        keeps("/events?after=0", FIRST, SECOND);
        assertThat(watch(() -> {
            keeps("/events?after=1", ANEW_SECOND);
            keeps("/events?after=0", ANEW, ANEW_SECOND);
        })).containsExactly("started", "shop: green 5% -> 12.5% by ops", "started anew",
                "shop: green 5% -> 1%");
    }

    @Test
    void noticesThatTheProxyBeganToCountAnewAlsoWhenItHasNotCountedAsFar() {
        keeps("/events?after=0", FIRST, SECOND, THIRD);
        assertThat(watch(() -> {
            keeps("/events?after=2");
            keeps("/events?after=0", ANEW);
        })).endsWith("shop: blue is drained", "started anew");
    }

    @Test
    void goesOnWhenTheProxyIsAwayForAWhile() {
        keeps("/events?after=0", FIRST);
        assertThat(watch(api.server::resetAll, () -> {}, () -> keeps("/events?after=0", FIRST, SECOND)))
                .containsExactly("started", "shop: green 5% -> 12.5% by ops");
    }
}
