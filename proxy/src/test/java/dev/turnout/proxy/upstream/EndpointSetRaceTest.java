package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.HealthConfig.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Loops report and choose while an operator changes the set and its rules. */
class EndpointSetRaceTest {
    private static final int REQUESTS = 50_000;
    private static final String[] HOSTS = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"};

    private final Side side = new Side(Check.NONE, "50%", Duration.ofNanos(1)).with(HOSTS);

    /** Requests of one loop, a third of which fail; answers the most endpoints that were seen to be out at once. */
    private int serve(int loop) {
        Balancer balancer = side.set.balancer(loop, loop);
        SplittableRandom random = new SplittableRandom(loop);
        int mostOut = 0;
        for (int request = 0; request < REQUESTS; request++) {
            Members members = side.set.members();
            mostOut = Math.max(mostOut, members.ejected.length - (members.all.size() / 2));
            Endpoint endpoint = balancer.choose();
            if (endpoint == null) {
                continue;
            }
            endpoint.begun(loop);
            switch (random.nextInt(6)) {
                case 0 -> endpoint.failed();
                case 1 -> endpoint.connectFailed("connection refused");
                default -> endpoint.succeeded();
            }
            endpoint.ended(loop);
        }
        return mostOut;
    }

    private int change() {
        for (int change = 0; change < 600; change++) {
            String host = HOSTS[change % HOSTS.length];
            switch (change / HOSTS.length % 4) {
                case 0 -> side.remove(host);
                case 1 -> side.with(host);
                case 2 -> side.follow(Side.health(Check.NONE, 2, 3, Duration.ofNanos(change),
                        Side.eject(1 + change % 5, Duration.ofMillis(1), "50%")));
                default ->
                    side.set.views().forEach(view -> assertThat(view.inFlight()).isLessThanOrEqualTo(2));
            }
        }
        return 0;
    }

    @Test
    void neitherLosesCountNorEjectsTooMany() throws InterruptedException, ExecutionException {
        List<Callable<Integer>> tasks = List.of(() -> serve(0), () -> serve(1), this::change);
        List<Integer> excess = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                excess.add(task.get());
            }
        }
        assertThat(excess).as("out beyond half of the side").allMatch(out -> out <= 0);
        assertThat(side.set.views()).allMatch(view -> view.inFlight() == 0);
        assertThat(side.removed).allMatch(endpoint -> endpoint.inFlight() == 0);
    }

    /** The first request of each loop finds nothing made yet to count it in. */
    @Test
    void firstRequestsOfTwoLoopsAtOnceAreBothCounted() throws InterruptedException, ExecutionException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            endpoints.add(
                    new Side(Check.NONE, "50%", Duration.ZERO).with(HOSTS[0]).set.endpoints().getFirst());
        }
        CyclicBarrier start = new CyclicBarrier(2);
        List<Callable<Integer>> tasks = IntStream.range(0, 2).<Callable<Integer>>mapToObj(loop -> () -> {
            start.await();
            endpoints.forEach(endpoint -> endpoint.begun(loop));
            return loop;
        }).toList();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
            for (Future<Integer> task : threads.invokeAll(tasks)) {
                task.get();
            }
        }
        assertThat(endpoints).allMatch(endpoint -> endpoint.inFlight() == 2);
    }
}
