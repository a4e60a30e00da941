package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.admin.ReloadControl.Result;
import dev.turnout.proxy.testkit.LeakCheck;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever changes something at the same time as others: it comes one after the other, and everybody can tell. */
@ExtendWith(LeakCheck.class)
class OneHistoryTest {
    private static final int WRITERS = 50;

    @RegisterExtension
    private final Rig rig = new Rig();
    private TwoSides sides;
    private Operator operator;

    @BeforeEach
    void start() throws Exception {
        sides = new TwoSides(rig);
        rig.startFile(sides.route("shop", "") + sides.route("cart", ""));
        operator = rig.closing(new Operator(rig.turnout().admin()));
    }

    /** All at once; what each answered. */
    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<T>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<T> task : tasks) {
                answers.add(threads.submit(() -> {
                    go.await();
                    return task.call();
                }));
            }
            go.countDown();
        }
        List<T> results = new ArrayList<>();
        for (Future<T> answer : answers) {
            results.add(answer.get());
        }
        return results;
    }

    private Callable<HttpResponse<String>> split(int number, String... headers) {
        return () -> operator.split(number % 2 == 0 ? "shop" : "cart", number, headers);
    }

    /** Oldest first. */
    private List<JsonNode> audit() throws Exception {
        return StreamSupport.stream(operator.get("/audit?limit=1000").spliterator(), false).toList()
                .reversed();
    }

    private static void assertWithoutGap(List<JsonNode> history, int changes) {
        assertThat(history).extracting(entry -> entry.path("version").asLong())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, changes).boxed().toList());
    }

    @Test
    void fiftyWritersMakeOneHistoryAndEachKnowsItsPlace() throws Exception {
        List<Callable<HttpResponse<String>>> writers = new ArrayList<>();
        for (int number = 1; number <= WRITERS; number++) {
            writers.add(split(number));
        }
        List<HttpResponse<String>> answers = together(writers);
        List<JsonNode> history = audit();

        assertWithoutGap(history, WRITERS);
        for (int number = 1; number <= WRITERS; number++) {
            HttpResponse<String> answer = answers.get(number - 1);
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode route = Operator.json(answer);
            int version = route.path("version").asInt();
            assertThat(answer.headers().firstValue("ETag")).contains("\"" + version + "\"");
            assertThat(history.get(version - 1).path("after").asText()).as("its own version")
                    .isEqualTo("green " + number + "%");
            assertThat(route.path("split").path("green").asInt()).isEqualTo(number);
        }
        assertEachGoesOnFromTheOneBefore(history);
    }

    private static void assertEachGoesOnFromTheOneBefore(List<JsonNode> history) {
        for (String route : List.of("shop", "cart")) {
            String was = "green 0%";
            for (JsonNode entry : history) {
                if (entry.path("route").asText().equals(route)) {
                    assertThat(entry.path("before").asText()).isEqualTo(was);
                    was = entry.path("after").asText();
                }
            }
        }
    }

    @Test
    void ofManyWhoSawTheSameVersionOneGetsThrough() throws Exception {
        operator.split("shop", 1);
        List<Callable<HttpResponse<String>>> writers = new ArrayList<>();
        for (int number = 1; number <= WRITERS; number++) {
            writers.add(split(2 * number, "If-Match", "\"1\""));
        }
        List<Integer> codes = together(writers).stream().map(HttpResponse::statusCode)
                .sorted(Comparator.naturalOrder()).toList();

        assertThat(codes.getFirst()).isEqualTo(200);
        assertThat(codes.subList(1, WRITERS)).containsOnly(412);
        assertWithoutGap(audit(), 2);
    }

    @Test
    void theSameKeySentTwentyTimesAtOnceActsOnce() throws Exception {
        List<Callable<HttpResponse<String>>> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            senders.add(split(42, "Idempotency-Key", "step-1"));
        }
        List<HttpResponse<String>> answers = together(senders);

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers)
                .filteredOn(answer -> answer.headers().firstValue("Idempotency-Replayed").isEmpty())
                .hasSize(1);
        assertWithoutGap(audit(), 1);
        operator.split("shop", 0);
        assertThat(operator.split("shop", 43, "Idempotency-Key", "step-1").statusCode()).isEqualTo(422);
        assertThat(operator.split("shop", 42, "Idempotency-Key", "step-1").statusCode()).isEqualTo(200);
        assertThat(operator.get("/routes/shop").path("split").path("green").asInt())
                .as("the key acts no more").isZero();
    }

    @Test
    void reloadsAndChangesBesideEachOtherMakeOneHistory() throws Exception {
        String other = sides.route("shop", "split.green = 7%, timeouts.idle = 1s") + sides.route("cart", "");
        List<Callable<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(() -> rig.reload(other));
        }
        for (int number = 1; number <= 20; number++) {
            int percent = number;
            tasks.add(() -> operator.split(percent % 2 == 0 ? "shop" : "cart", percent));
        }
        List<Object> results = together(tasks);

        assertThat(results.subList(0, 3)).allMatch(result -> result instanceof Result.Applied);
        assertThat(results.stream().flatMap(result -> result instanceof Result.Applied applied
                ? applied.changes().stream()
                : Stream.empty())).as("the first of them changes it, the others nothing").hasSize(2);
        assertWithoutGap(audit(), 21);
        assertThat(operator.get("/routes/shop").path("split").path("file").asInt()).isEqualTo(7);
    }
}
