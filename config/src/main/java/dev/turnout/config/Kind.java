package dev.turnout.config;

import com.typesafe.config.ConfigValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What one value may be.
 *
 * @param allowed in words, for messages
 * @param reader makes the value of its text; throws IllegalArgumentException when it is none
 * @param choices the words to suggest from when it is none of them; empty where any text may do
 * @param later words that are designed but not in this version
 * @param secret whether what was found is kept out of messages
 */
record Kind<T>(
        String allowed,
        Function<String, T> reader,
        List<String> choices,
        List<String> later,
        boolean secret) {
    static <T> Kind<T> of(String allowed, Function<String, T> reader) {
        return new Kind<>(allowed, reader, List.of(), List.of(), false);
    }

    static Kind<String> text(String allowed, Predicate<String> fits) {
        return of(allowed, text -> {
            require(fits.test(text), allowed);
            return text;
        });
    }

    static Kind<String> matching(String allowed, String regex) {
        return text(allowed, Pattern.compile(regex).asMatchPredicate());
    }

    /** One of an enum's constants, by its label. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type, Function<E, String> label) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        List<String> labels = constants.stream().map(label).toList();
        String allowed = String.join(" or ", labels);
        return new Kind<>(allowed, text -> {
            require(labels.contains(text), allowed);
            return constants.get(labels.indexOf(text));
        }, labels, List.of(), false);
    }

    Kind<T> andLater(String... words) {
        return new Kind<>(allowed, reader, choices, List.of(words), secret);
    }

    Kind<T> suggesting(List<String> words) {
        return new Kind<>(allowed, reader, words, later, secret);
    }

    <U> Kind<U> andThen(Function<T, U> change) {
        return new Kind<>(allowed, reader.andThen(change), choices, later, secret);
    }

    Kind<T> asSecret() {
        return new Kind<>(allowed, reader, choices, later, true);
    }

    /** The value that a text stands for, if it stands for one. */
    Optional<T> fit(String text) {
        try {
            return Optional.of(reader.apply(text));
        } catch (IllegalArgumentException e) { // it may quote the text, which may be a secret
            return Optional.empty();
        }
    }

    /** Reads what stands there, or reports what is wrong with it. */
    Read<T> read(Spot spot, Problems problems) {
        ConfigValue value = spot.value();
        if (value == null || spot.isUnresolved()) {
            return Read.failed(); // an unresolved substitution is reported for the whole file
        }
        if (!Shown.isScalar(value)) {
            return refused(spot, value, Optional.empty(), problems);
        }
        String text = Shown.plain(value);
        if (later.contains(text)) {
            problems.error(spot, Shown.text(text) + ", " + NotYet.FOUND, allowed);
            return Read.failed();
        }
        return fit(text).map(Read::of).orElseGet(() -> refused(spot, value, Suggestion.among(choices, text),
                problems));
    }

    private Read<T> refused(Spot spot, ConfigValue value, Optional<String> meant, Problems problems) {
        problems.error(spot, secret ? Shown.secret(value) : Shown.found(spot), allowed, meant);
        return Read.failed();
    }

    static void require(boolean fits, String allowed) {
        if (!fits) {
            throw new IllegalArgumentException("value: (expected: " + allowed + ")");
        }
    }
}
