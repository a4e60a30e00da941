package dev.turnout.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.net.ReadGate.Reason;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadGateTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ReadGate gate = new ReadGate(channel);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private boolean reads() {
        return channel.config().isAutoRead();
    }

    @Test
    void readsWhenThereIsNoReasonNotTo() {
        assertThat(reads()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void oneReasonStopsReading(Reason reason) {
        gate.close(reason);
        assertThat(reads()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void readsAgainWhenTheOnlyReasonIsLifted(Reason reason) {
        gate.close(reason);
        gate.open(reason);
        assertThat(reads()).isTrue();
    }

    @Test
    void oneReasonDoesNotUndoAnother() {
        gate.close(Reason.PEER_NOT_WRITABLE);
        gate.close(Reason.PIPELINED);
        gate.open(Reason.PIPELINED);
        assertThat(reads()).as("what is read could not be written on").isFalse();
    }

    @Test
    void aReasonThatWasGivenTwiceIsLiftedOnce() {
        gate.close(Reason.CONNECTING);
        gate.close(Reason.CONNECTING);
        gate.open(Reason.CONNECTING);
        assertThat(reads()).isTrue();
    }

    @Test
    void liftingAReasonThatWasNeverGivenChangesNothing() {
        gate.close(Reason.CONNECTING);
        gate.open(Reason.PIPELINED);
        assertThat(reads()).isFalse();
    }

    @Test
    void aResetLiftsEveryReason() {
        gate.close(Reason.PEER_NOT_WRITABLE);
        gate.close(Reason.PIPELINED);
        gate.reset();
        assertThat(reads()).isTrue();
    }

    @Test
    void aResetForgetsTheReasonsForGood() {
        gate.close(Reason.PEER_NOT_WRITABLE);
        gate.reset();
        gate.close(Reason.PIPELINED);
        gate.open(Reason.PIPELINED);
        assertThat(reads()).isTrue();
    }
}
