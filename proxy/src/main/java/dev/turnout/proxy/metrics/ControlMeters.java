package dev.turnout.proxy.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** What operators asked for, and what became of it. Any thread. */
public final class ControlMeters {
    /** What became of a change. */
    public enum Change {
        APPLIED,
        /** It had been applied before, under the same idempotency key. */
        REPLAYED,
        /** It is not allowed, or was based on a version that is no longer the current one. */
        REFUSED,
        /** It could not be written to the journal, so it does not count. */
        NOT_DURABLE
    }

    /** What became of a reload of the configuration file. */
    public enum Reload {
        APPLIED,
        /** The file is wrong. */
        INVALID,
        /** What the file asks for cannot be had. */
        FAILED
    }

    private final Map<Change, LongAdder> changes = new EnumMap<>(Change.class);
    private final Map<Reload, LongAdder> reloads = new EnumMap<>(Reload.class);

    public ControlMeters() {
        for (Change result : Change.values()) {
            changes.put(result, new LongAdder());
        }
        for (Reload result : Reload.values()) {
            reloads.put(result, new LongAdder());
        }
    }

    public void changed(Change result) {
        Objects.requireNonNull(changes.get(result)).increment();
    }

    public void reloaded(Reload result) {
        Objects.requireNonNull(reloads.get(result)).increment();
    }

    void eachChange(BiConsumer<String, Long> to) {
        changes.forEach((result, count) -> to.accept(label(result), count.sum()));
    }

    void eachReload(BiConsumer<String, Long> to) {
        reloads.forEach((result, count) -> to.accept(label(result), count.sum()));
    }

    private static String label(Enum<?> result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
