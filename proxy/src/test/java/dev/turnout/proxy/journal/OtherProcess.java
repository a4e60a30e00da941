package dev.turnout.proxy.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Does one thing to a state directory in a process of its own. */
final class OtherProcess {
    private final String shell;

    /** @param shell commands before the process begins */
    OtherProcess(String shell) {
        this.shell = shell;
    }

    /** Answers the lines that it said. */
    List<String> run(String what, Path directory) throws IOException, InterruptedException {
        Path said = Files.createTempFile("turnout-other-process", ".txt");
        try {
            Process process = new ProcessBuilder("/bin/bash", "-c", shell + "exec \"$0\" \"$@\"",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                    "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
                    System.getProperty("java.class.path"),
                    OtherProcess.class.getName(), what, directory.toString(), said.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(what + ": no end within 30 s");
            }
            return Files.readAllLines(said);
        } finally {
            Files.delete(said);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        List<String> said = switch (arguments[0]) {
            case "fill" -> fill(directory);
            case "hold" -> hold(directory);
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        Files.write(Path.of(arguments[2]), said);
    }

    private static List<String> fill(Path directory) throws IOException {
        List<String> said = new ArrayList<>();
        try (Journal journal = Journal.open(directory)) {
            int appended = 0;
            try {
                for (; appended < 1000; appended++) {
                    journal.append("record " + appended + " of a hundred bytes or so " + "x".repeat(70));
                }
            } catch (IOException e) {
                said.add("appended " + appended);
                said.add(String.valueOf(e.getMessage()));
            }
            try {
                journal.append("one more");
            } catch (IOException e) {
                said.add(String.valueOf(e.getMessage()));
            }
        }
        return said;
    }

    private static List<String> hold(Path directory) {
        try (StateDirectory held = StateDirectory.hold(directory)) {
            return List.of("held " + held.path());
        } catch (IOException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
