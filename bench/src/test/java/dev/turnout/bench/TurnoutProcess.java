package dev.turnout.bench;

import dev.turnout.admin.cli.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code turnout} command as a process of its own, from the class path of the tests: nothing is built for it. */
public final class TurnoutProcess {
    private TurnoutProcess() {}

    /** The words that start it, with the JVM flags of the distribution. */
    public static List<String> command(List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(System.getProperty("turnout.jvm.flags").split(" ", -1)));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(arguments);
        return words;
    }
}
