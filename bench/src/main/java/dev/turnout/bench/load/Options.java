package dev.turnout.bench.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How options are read, and told off that a load cannot have. */
public final class Options {
    private Options() {}

    /** The constant of that name, in lower case; otherwise an exception that says which there are. */
    public static <E extends Enum<E>> E named(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new CommandLine.TypeConversionException(text + " (expected: "
                        + Arrays.stream(type.getEnumConstants()).map(Options::name)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    /** As it is typed. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Makes of an IllegalArgumentException, which begins with the name of an option, a mistake of who typed it. */
    public static <T> T checked(CommandSpec spec, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
    }
}
