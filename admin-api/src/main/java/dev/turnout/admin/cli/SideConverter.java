package dev.turnout.admin.cli;

import dev.turnout.config.Target;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code blue} or {@code green}. */
final class SideConverter implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
        return Stream.of(Target.values())
                .filter(side -> side.label().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(text + " (expected: blue or green)"));
    }

    /** What a shell offers. */
    static final class Sides implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Target.values()).map(Target::label).iterator();
        }
    }
}
