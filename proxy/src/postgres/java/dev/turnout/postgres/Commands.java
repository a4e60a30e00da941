package dev.turnout.postgres;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How programs are started here: nothing that the environment says about PostgreSQL reaches them. */
final class Commands {
    private Commands() {}

    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .directory(Path.of("/").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** Runs a program that ends by itself, and well: else the exception holds what it said. */
    static void run(List<String> command) throws IOException {
        Process process = builder(command).start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.format(Locale.ROOT, "%s: exit code %d (expected: 0)%n%s",
                        String.join(" ", command), code, said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a program ran: " + command.getFirst());
        } finally {
            process.destroyForcibly();
        }
    }
}
