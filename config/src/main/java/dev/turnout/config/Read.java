package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What reading a key came to: a value, or nothing because the problem with it has been reported. So reading goes on
 * after a problem, and records are made only when there was none.
 */
record Read<T>(@Nullable T orNull) {
    static <T> Read<T> of(T value) {
        return new Read<>(value);
    }

    static <T> Read<T> failed() {
        return new Read<>(null);
    }

    /** All of them, or a failure if one failed. */
    static <T> Read<List<T>> all(List<Read<T>> parts) {
        return parts.stream().allMatch(part -> part.value().isPresent())
                ? of(parts.stream().map(Read::get).toList())
                : failed();
    }

    /** What is made of the parts, or a failure if one of them failed. */
    static <T> Read<T> of(Supplier<T> whole, Read<?>... parts) {
        return Stream.of(parts).allMatch(part -> part.value().isPresent()) ? of(whole.get()) : failed();
    }

    <U> Read<U> map(Function<T, U> change) {
        return orNull == null ? failed() : of(change.apply(orNull));
    }

    Optional<T> value() {
        return Optional.ofNullable(orNull);
    }

    /** The value. Only for when no problem has been reported. */
    T get() {
        if (orNull == null) {
            throw new IllegalStateException("value: taken although reading it failed");
        }
        return orNull;
    }
}
