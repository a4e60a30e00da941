package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdlePoolTest {
    private final IdlePool<String> pool = new IdlePool<>(2);

    @Test
    void hasNothingToBeginWith() {
        assertThat(pool.take()).isNull();
    }

    @Test
    void givesTheOneThatWasUsedLast() {
        pool.offer("a");
        pool.offer("b");
        assertThat(pool.take()).as("those in excess grow old and are closed").isEqualTo("b");
    }

    @Test
    void givesEachOnlyOnce() {
        pool.offer("a");
        pool.take();
        assertThat(pool.take()).as("two requests would share a connection").isNull();
    }

    @Test
    void refusesMoreThanItKeeps() {
        pool.offer("a");
        pool.offer("b");
        assertThat(pool.offer("c")).isFalse();
    }

    @Test
    void doesNotKeepWhatItRefused() {
        pool.offer("a");
        pool.offer("b");
        pool.offer("c");
        assertThat(pool.size()).isEqualTo(2);
    }

    @Test
    void forgetsAConnectionThatEnded() {
        pool.offer("a");
        pool.offer("b");
        pool.remove("b");
        assertThat(pool.take()).isEqualTo("a");
    }

    @Test
    void forgettingAStrangerChangesNothing() {
        pool.offer("a");
        pool.remove("x");
        assertThat(pool.size()).isEqualTo(1);
    }
}
