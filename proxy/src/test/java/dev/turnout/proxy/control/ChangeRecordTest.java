package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.turnout.admin.ChangeContext.IdempotencyKey;
import dev.turnout.admin.EndpointKey;
import dev.turnout.config.Address;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeRecordTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String REST = "\"actor\":\"ann\",\"version\":7,\"at\":\"2026-11-20T12:00:00Z\"}";

    private static Stamp stamp(Optional<String> reason) {
        return new Stamp(7, NOON, "ann", reason, Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(EndpointOverride.Value.class)
    void anEndpointComesBackAsItWas(EndpointOverride.Value value) {
        var change = new EndpointOverride(new EndpointKey("shop", Target.GREEN, new Address("fd00::7", 8080)),
                value, stamp(Optional.of("with \"quotes\", \u00E4 and\na line end")));
        assertThat(ChangeRecord.read(ChangeRecord.write(change))).isEqualTo(change);
    }

    @Test
    void aSplitComesBackAsItWas() {
        var set = new SplitOverride("shop", Optional.of(new Share(50_000)), Optional.of(Target.BLUE),
                Optional.of(new Share(1)), stamp(Optional.empty()));
        var reset = new SplitOverride("shop", Optional.empty(), Optional.empty(), Optional.empty(),
                stamp(Optional.of("enough")));
        assertThat(ChangeRecord.read(ChangeRecord.write(set))).isEqualTo(set);
        assertThat(ChangeRecord.read(ChangeRecord.write(reset))).isEqualTo(reset);
    }

    @Test
    void aChangeOfTheFileComesBackAsItWas() {
        var change = new FileChange(List.of("api", "shop"), stamp(Optional.empty()));
        assertThat(ChangeRecord.read(ChangeRecord.write(change))).isEqualTo(change);
    }

    @Test
    void anIdempotencyKeyComesBackAsItWas() {
        var done = new Repetition(new Stamp(7, NOON, "ann", Optional.empty(),
                Optional.of(new IdempotencyKey("a key", "PUT x"))));
        assertThat(ChangeRecord.read(ChangeRecord.write(done))).isEqualTo(done);
    }

    @Test
    void aLineFromBeforeThereWereKindsIsASplit() {
        assertThat(ChangeRecord.read("{\"route\":\"shop\",\"greenPpm\":50000,\"reason\":\"try\"," + REST))
                .isEqualTo(new SplitOverride("shop", Optional.of(new Share(50_000)), Optional.empty(),
                        Optional.empty(), stamp(Optional.of("try"))));
        assertThat(ChangeRecord.read("{\"route\":\"shop\"," + REST))
                .isEqualTo(new SplitOverride("shop", Optional.empty(), Optional.empty(), Optional.empty(),
                        stamp(Optional.empty())));
    }

    @Test
    void aKindOfALaterVersionIsRefusedByItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeRecord.read("{\"kind\":\"hold\",\"route\":\"shop\"," + REST))
                .withMessage("kind: hold (expected: split, endpoint, file, repetition)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "{}", "[]", "7", "{\"kind\":7,\"route\":\"a\"," + REST,
        "{\"route\":7," + REST, "{\"route\":\"a\",\"actor\":\"b\",\"version\":1,\"at\":\"x\"}",
        "{\"route\":\"a\",\"greenPpm\":1000001," + REST,
        "{\"kind\":\"endpoint\",\"route\":\"a\"," + REST,
        "{\"kind\":\"endpoint\",\"route\":\"a\",\"target\":\"red\",\"address\":\"a:1\",\"state\":\"active\","
                + REST,
        "{\"kind\":\"endpoint\",\"route\":\"a\",\"target\":\"blue\",\"address\":\"a\",\"state\":\"active\","
                + REST,
        "{\"kind\":\"endpoint\",\"route\":\"a\",\"target\":\"blue\",\"address\":\"a:1\",\"state\":\"up\","
                + REST})
    void aRecordOfAnotherFormIsRefused(String record) {
        assertThatIllegalArgumentException().isThrownBy(() -> ChangeRecord.read(record));
    }
}
