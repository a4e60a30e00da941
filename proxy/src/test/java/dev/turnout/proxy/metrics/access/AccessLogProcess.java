package dev.turnout.proxy.metrics.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Logs to the standard output of a process of its own: that of the tests belongs to those who run them. */
final class AccessLogProcess {
    private AccessLogProcess() {}

    /** Logs so many entries, twice; answers when it has ended, with its standard output in {@code said}. */
    static void run(int entries, Path said) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
                System.getProperty("java.class.path"), AccessLogProcess.class.getName(),
                Integer.toString(entries)).redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("access log: no end within 30 s");
        }
    }

    public static void main(String[] arguments) throws IOException {
        for (int round = 0; round < 2; round++) {
            try (AccessLog log = AccessLog.open("-")) {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    log.offer(Entries.of("/" + round + "/" + i));
                }
            }
        }
    }
}
