package dev.turnout.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One of the scripts in {@code bench/}, as a process whose temporary files are in a folder of the test. */
final class ScriptProcess {
    private ScriptProcess() {}

    /** Its standard error goes where its output goes. */
    static Process start(String script, Path temporary, String... arguments) throws IOException {
        Path root = Path.of(System.getProperty("turnout.root", ".."));
        List<String> command = new ArrayList<>(List.of(root.resolve(script).toString()));
        // Not the launcher's: that one would build while Maven builds already.
        command.addAll(
                List.of("--turnout", "'" + String.join("' '", TurnoutProcess.command(List.of())) + "'"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TMPDIR", temporary.toString());
        return builder.start();
    }

    /** All of it, until it ends. */
    static String said(Process script) throws IOException {
        return new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The names of those that work in a folder below this one, as all do that a script starts. */
    static List<String> processesBelow(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    // Still begins with the folder when that is gone: then "(deleted)" follows.
                    if (Files.readSymbolicLink(process.resolve("cwd")).toString()
                            .startsWith(folder.toString())) {
                        names.add(Files.readString(process.resolve("comm")).strip());
                    }
                } catch (IOException _) {
                    // ended meanwhile, or somebody else's
                }
            }
        }
        return names;
    }
}
