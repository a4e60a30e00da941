package dev.turnout.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of the distribution that runs for a test, in a folder of its own: whatever it starts works there too, is
 * known by that, and is gone after {@link #close}.
 */
public final class Tool implements Closeable {
    /** Scripts for Node, beside the clients that npm has installed for them. */
    public static final Path NODE_SCRIPTS = Path.of("src/test/clients").toAbsolutePath();

    private static final String MISSING = "%s is missing; run: mvn verify -DinstallTools=true";
    private static final int TIMEOUT_SECONDS = 60;

    private final Process process;
    private final Path folder;
    private final Path said;

    private Tool(Process process, Path folder, Path said) {
        this.process = process;
        this.folder = folder;
        this.said = said;
    }

    /** Starts it. {@code folder}: an empty one. */
    public static Tool start(Path folder, String... command) throws IOException {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        // Neither a proxy nor a home of whoever runs the test.
        builder.environment().keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("HOME", folder.toString());
        return new Tool(builder.start(), folder, said);
    }

    /** Fails when a program that the test needs is not there. */
    public static void require(String name) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(name)));
        assertThat(found).as(MISSING, name).isTrue();
    }

    /**
     * Fails when a library that the test needs is not there.
     *
     * @param trial a command that ends well when it can load it, as {@code ruby -e 'require "pg"'}
     */
    public static void requireLibrary(String name, String... trial) throws IOException, InterruptedException {
        require(trial[0]);
        Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
        process.getOutputStream().close();
        byte[] said = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(MISSING + "\n%s", name, new String(said, StandardCharsets.UTF_8))
                .isZero();
    }

    /** Fails when a client that {@code package.json} names is not beside {@link #NODE_SCRIPTS}. */
    public static void requireNodeClient(String name) throws IOException, InterruptedException {
        Path client = NODE_SCRIPTS.resolve("node_modules").resolve(name);
        requireLibrary(name, "node", "-e", "require('" + client + "')");
    }

    /** Its lines, when it has ended well. */
    public List<String> lines() throws IOException, InterruptedException {
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(ended).as("still running: %s\n%s", folder, said()).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
        return Files.readAllLines(said);
    }

    /** All that it has said so far, for the message of a test that fails. */
    public String said() throws IOException {
        return Files.readString(said);
    }

    /** Asks it and all that it started to end, and kills what is left after a while: then the test fails. */
    @Override
    public void close() throws IOException {
        workingIn(folder).forEach(ProcessHandle::destroy);
        try {
            await().atMost(10, TimeUnit.SECONDS).until(() -> workingIn(folder).isEmpty());
        } finally {
            workingIn(folder).forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static List<ProcessHandle> workingIn(Path folder) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            try {
                Path place = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
                if (place.startsWith(folder)) {
                    found.add(process);
                }
            } catch (IOException _) {
                // ended meanwhile, or somebody else's
            }
        }
        return found;
    }
}
