package dev.turnout.bench;

import dev.turnout.admin.cli.Main;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code turnout} command as a process of its own, from the class path of the tests: nothing is built for it. */
public final class TurnoutProcess {
    private TurnoutProcess() {}

    /** The words that start it, with the same JVM flags as the tests but for the heap. */
    public static List<String> command(List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:"))
                .forEach(words::add);
        words.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(arguments);
        return words;
    }
}
