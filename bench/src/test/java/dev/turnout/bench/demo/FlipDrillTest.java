package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.ConfigLoader;
import dev.turnout.config.ConfigResult;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.app.Turnout;
import dev.turnout.proxy.routing.Cohort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The weight changes a hundred times a second under load, through the admin API, each change on disk before it counts. */
class FlipDrillTest {
    private static final boolean LONG = Boolean.getBoolean("turnout.drills");
    private static final Duration DURATION = Duration.ofSeconds(LONG ? 60 : 8);
    private static final int REQUESTS_PER_SECOND = LONG ? 2_000 : 1_000;
    private static final int MILLIS_BETWEEN_FLIPS = 10;
    private static final String ROUTE = "shop";
    private static final String TOKEN = "a-token-for-the-drill";
    private static final long SEED = 20_261_120;

    @TempDir
    private Path stateDir;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<WeightChange> changes = new ArrayList<>();
    private final Random random = new Random(SEED);

    @Test
    void losesNoRequestAndPutsNobodyOnTheWrongSide() throws Exception {
        try (DemoService blue = DemoService.start("blue");
                DemoService green = DemoService.start("green");
                Turnout turnout = Turnout.start(config(blue.address(), green.address()));
                HttpClient operator = HttpClient.newHttpClient()) {
            warmUp(turnout.address(ROUTE));
            try (KeyedLoad load = load(turnout.address(ROUTE), REQUESTS_PER_SECOND)) {
                load.start();
                flip(operator, turnout.admin().resolve("/api/v1/routes/" + ROUTE + "/split"));
            }
        }

        ShiftVerdict verdict = new ShiftCheck(FlipDrillTest::isGreen, 0, changes).judge(answers);
        String figures = answers.size() + " requests, " + changes.size() + " changes, seed " + SEED;
        assertThat(verdict.errors()).as(figures).isEmpty();
        assertThat(verdict.wrongSides()).as(figures).isEmpty();
        assertThat(answers.size()).as(figures).isGreaterThan(REQUESTS_PER_SECOND);
        assertThat(verdict.checked().stream().mapToLong(ShiftVerdict.Checked::answers).sum())
                .as("answers that only one weight explains; " + figures)
                .isPositive();
    }

    /** Cold code would make the load queue up for a reason of its own. */
    private void warmUp(InetSocketAddress route) {
        try (KeyedLoad load = load(route, 200)) {
            load.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> answers.size() > 600);
        }
        answers.clear();
    }

    private KeyedLoad load(InetSocketAddress route, int perSecond) {
        return new KeyedLoad(route, KeyedLoad.users(200), perSecond, System::nanoTime, answers::add);
    }

    private void flip(HttpClient operator, URI split) throws Exception {
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> flips = clock.scheduleAtFixedRate(() -> change(operator, split), 0,
                    MILLIS_BETWEEN_FLIPS, TimeUnit.MILLISECONDS);
            try {
                flips.get(DURATION.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                flips.cancel(false);
            } catch (ExecutionException e) {
                throw new AssertionError("a change failed", e.getCause());
            }
        }
    }

    private void change(HttpClient operator, URI split) {
        int percent = random.nextInt(101);
        long requested = System.nanoTime();
        try {
            HttpResponse<String> answer = operator.send(HttpRequest.newBuilder(split)
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"green\":" + percent + "}"))
                    .build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("change to " + percent + "%", e);
        }
        changes.add(new WeightChange(requested, System.nanoTime(), percent * 10_000));
    }

    private static boolean isGreen(String user, int greenPpm) {
        return Cohort.side(ROUTE.getBytes(StandardCharsets.UTF_8), user.getBytes(StandardCharsets.UTF_8),
                new Share(greenPpm)) == Target.GREEN;
    }

    private TurnoutConfig config(InetSocketAddress blue, InetSocketAddress green) throws IOException {
        Path file = Files.writeString(stateDir.resolve("turnout.conf"), String.format(Locale.ROOT, """
                turnout {
                  admin { listen = "127.0.0.1:0", tokens = [ { name = ops, role = operator, token = %s } ] }
                  state-dir = "."
                  event-loops = 2
                  routes.%s {
                    protocol = http
                    listen = "127.0.0.1:0"
                    blue.endpoints = ["127.0.0.1:%d"]
                    green.endpoints = ["127.0.0.1:%d"]
                    split.cohort.cookie = %s
                  }
                }
                """, TOKEN, ROUTE, blue.getPort(), green.getPort(), DemoService.USER_COOKIE));
        ConfigResult result = ConfigLoader.load(file, Map.of());
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }
}
