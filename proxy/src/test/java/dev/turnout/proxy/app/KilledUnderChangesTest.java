package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.proxy.testkit.TurnoutProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code kill -9} at random moments, while a client changes one thing after the other: what was acknowledged is there,
 * what was not is absent or whole, and to send it again under its key is safe.
 */
class KilledUnderChangesTest {
    private static final Logger log = LoggerFactory.getLogger(KilledUnderChangesTest.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLS = Boolean.getBoolean("turnout.drills") ? 200 : 4;
    private static final int MOST_MILLIS = 800;
    /** Another one with {@code -Dturnout.kill.seed}, as after a failure. */
    private static final long SEED = Long.getLong("turnout.kill.seed", new Random().nextLong());
    private static final String ROUTE = "/routes/shop";
    private static final String ENDPOINTS = ROUTE + "/targets/blue/endpoints/";
    /** So that the journal is compacted now and then. */
    private static final String WORDS = "-" + "x".repeat(400);

    /** What operators can have changed. */
    private record State(double green, String drained, Map<String, String> blue, long version) {
        static State of(JsonNode route) {
            Map<String, String> blue = new TreeMap<>();
            route.path("targets").path("blue").path("endpoints")
                    .forEach(one -> blue.put(one.path("address").asText(), one.path("state").asText()));
            return new State(route.path("split").path("green").asDouble(),
                    route.path("split").path("drained").asText(), blue, route.path("version").asLong());
        }

        /** At the next version, unless it is no change. */
        State next(double nextGreen, String nextDrained, Map<String, String> nextBlue, boolean always) {
            State next = new State(nextGreen, nextDrained, nextBlue, version);
            return always || !next.equals(this)
                    ? new State(nextGreen, nextDrained, nextBlue, version + 1)
                    : this;
        }
    }

    /** One request, and what it leads to. */
    private record Change(String key, String method, String path, String body, State after) {
        HttpResponse<String> send(Operator operator) throws IOException, InterruptedException {
            return operator.ask(method, path, body, "Idempotency-Key", key);
        }
    }

    @TempDir
    private Path folder;
    private final Random random = new Random(SEED);
    /** The keys of all that made a version, oldest first. */
    private final List<String> history = new ArrayList<>();
    /** Sent, and not acknowledged yet. */
    private Optional<Change> pending = Optional.empty();
    private State state = new State(0, "null", Map.of("127.0.0.1:1", "active"), 0);
    private int sent;
    private int lost;
    private int kept;

    private Change random() {
        String key = "k" + ++sent;
        String reason = key + WORDS;
        String address = "127.0.0.1:" + (10 + random.nextInt(4));
        Map<String, String> blue = new TreeMap<>(state.blue());
        return switch (random.nextInt(4)) {
            case 0 -> {
                boolean toBlue = random.nextBoolean();
                yield new Change(key, "POST", ROUTE + "/drain", "{\"target\":\"" + (toBlue ? "green" : "blue")
                        + "\",\"timeout\":\"0s\",\"reason\":\"" + reason + "\"}",
                        state.next(toBlue ? 0 : 100, toBlue ? "green" : "blue", blue, false));
            }
            case 1 -> {
                String value = !blue.containsKey(address) || random.nextBoolean() ? "active" : "drained";
                blue.put(address, value);
                yield new Change(key, "PUT", ENDPOINTS + address,
                        "{\"state\":\"" + value + "\",\"reason\":\"" + reason + "\"}",
                        state.next(state.green(), state.drained(), blue, false));
            }
            case 2 -> {
                String known = blue.containsKey(address) ? address : "";
                if (known.isEmpty()) {
                    yield split(key, reason, blue);
                }
                blue.remove(known);
                yield new Change(key, "DELETE", ENDPOINTS + known + "?reason=" + reason, "",
                        state.next(state.green(), state.drained(), blue, false));
            }
            default -> split(key, reason, blue);
        };
    }

    private Change split(String key, String reason, Map<String, String> blue) {
        int green = random.nextInt(101);
        return new Change(key, "PUT", ROUTE + "/split",
                "{\"green\":" + green + ",\"reason\":\"" + reason + "\"}",
                state.next(green, "null", blue, true));
    }

    @Test
    void whatWasAcknowledgedIsThereAndWhatWasNotIsAbsentOrWhole() throws Exception {
        log.info("seed {}", SEED);
        try (TurnoutProcess first = TurnoutProcess.start(folder, 1, 2)) {
            changeUntilKilled(first);
        }
        for (int kill = 1; kill < KILLS; kill++) {
            try (TurnoutProcess again = TurnoutProcess.start(folder, 1, 2)) {
                check(again);
                changeUntilKilled(again);
            }
        }
        try (TurnoutProcess last = TurnoutProcess.start(folder, 1, 2)) {
            check(last);
        }
        log.info("kills {}, changes {}, unacknowledged ones that were there {}, that were not {}, seed {}",
                KILLS,
                history.size(), kept, lost, SEED);
    }

    private void changeUntilKilled(TurnoutProcess process) throws Exception {
        try (Operator operator = new Operator(process.admin())) {
            List<Throwable> wrong = new ArrayList<>();
            Thread client = Thread.ofVirtual().start(() -> {
                try {
                    change(operator);
                } catch (Exception | AssertionError e) {
                    wrong.add(e);
                }
            });
            client.join(Duration.ofMillis(random.nextInt(MOST_MILLIS)));
            process.kill();
            client.join();
            assertThat(wrong).as("seed %s", SEED).isEmpty();
        }
    }

    private void change(Operator operator) throws InterruptedException {
        while (true) {
            Change change = random();
            pending = Optional.of(change);
            try {
                acknowledged(change, change.send(operator));
            } catch (IOException killed) {
                return;
            }
        }
    }

    private void acknowledged(Change change, HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(() -> change + " " + answer.body() + ", seed " + SEED)
                .isEqualTo(200);
        JsonNode json = Operator.json(answer);
        assertThat(State.of(json.has("route") ? json.path("route") : json)).as("seed %s", SEED)
                .isEqualTo(change.after());
        if (change.after().version() > state.version()) {
            history.add(change.key());
        }
        state = change.after();
        pending = Optional.empty();
    }

    private void check(TurnoutProcess process) throws Exception {
        try (Operator operator = new Operator(process.admin())) {
            State found = State.of(operator.get(ROUTE));
            if (pending.isEmpty()) {
                assertThat(found).as("seed %s", SEED).isEqualTo(state);
            } else {
                Change change = pending.get();
                assertThat(found).as("%s, seed %s", change, SEED).isIn(state, change.after());
                HttpResponse<String> again = change.send(operator);
                boolean replayed = again.headers().firstValue("Idempotency-Replayed").isPresent();
                if (!change.after().equals(state)) {
                    boolean was = found.equals(change.after());
                    kept += was ? 1 : 0;
                    lost += was ? 0 : 1;
                    if (!change.path().endsWith("/drain")) {
                        assertThat(replayed).as("%s, seed %s", change, SEED).isEqualTo(was);
                    }
                }
                acknowledged(change, again);
                assertThat(State.of(operator.get(ROUTE))).as("seed %s", SEED).isEqualTo(state);
            }
            assertThat(audited()).as("each once, in order, seed %s", SEED).isEqualTo(history);
        }
    }

    /** The keys of the changes that the audit has, oldest first; their versions have no gap. */
    private List<String> audited() throws IOException {
        List<String> keys = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("state").resolve("audit.log"))) {
            JsonNode entry = JSON.readTree(line);
            keys.add(entry.path("reason").asText().replace(WORDS, ""));
            assertThat(entry.path("version").asInt()).as("seed %s", SEED).isEqualTo(keys.size());
        }
        return keys;
    }
}
