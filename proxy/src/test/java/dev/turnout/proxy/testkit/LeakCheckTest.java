package dev.turnout.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void seesABufferThatNobodyReleased() {
        ByteBuf held = ByteBufAllocator.DEFAULT.directBuffer();
        try {
            assertThatIllegalStateException().as("else no leak check of this module proves anything")
                    .isThrownBy(LeakPresenceDetector::check);
        } finally {
            held.release();
            // Released after it was reported: the second report clears the books for the next test.
            assertThatIllegalStateException().isThrownBy(LeakPresenceDetector::check);
        }
    }

    @Test
    void isSatisfiedWhenEverythingWasReleased() {
        ByteBufAllocator.DEFAULT.directBuffer().release();
        assertThatCode(LeakPresenceDetector::check).doesNotThrowAnyException();
    }
}
