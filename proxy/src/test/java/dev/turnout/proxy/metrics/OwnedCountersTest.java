package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OwnedCountersTest {
    private static final int SIZE = 100;
    private static final long ROUNDS = 200_000;

    private final OwnedCounters counters = new OwnedCounters(SIZE);

    @Test
    void whatWasNeverWrittenIsZero() {
        counters.add(40, 1);
        for (int i = 0; i < SIZE; i++) {
            assertThat(counters.get(i)).as("number %s", i).isEqualTo(i == 40 ? 1 : 0);
        }
    }

    @Test
    void everyNumberHasAPlaceOfItsOwn() {
        for (int i = 0; i < SIZE; i++) {
            counters.add(i, i);
            counters.add(i, 1000);
        }
        for (int i = 0; i < SIZE; i++) {
            assertThat(counters.get(i)).as("number %s", i).isEqualTo(1000 + i);
        }
    }

    @Test
    @Timeout(60)
    void aReaderNeverSeesANumberFall() throws InterruptedException {
        AtomicBoolean fell = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> {
            long[] seen = new long[SIZE];
            while (seen[SIZE - 1] < ROUNDS / SIZE) {
                for (int i = 0; i < SIZE; i++) {
                    long now = counters.get(i);
                    fell.compareAndSet(false, now < seen[i]);
                    seen[i] = now;
                }
            }
        });
        for (int i = 0; i < ROUNDS; i++) {
            counters.add(i % SIZE, 1);
        }
        reader.join();
        assertThat(fell).isFalse();
    }
}
