package dev.turnout.proxy.testkit;

import dev.turnout.admin.cli.Main;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code turnout run} in a process of its own, on the class path of the test. */
public final class TurnoutProcess implements Closeable {
    private static final Pattern ROUTE_LISTENS = Pattern.compile("route=\\S+ listening address=\\S*?:(\\d+)");
    private static final Pattern ADMIN_LISTENS = Pattern.compile("admin API listening address=\\S*?:(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final Path log;
    private final HttpClient client = HttpClient.newHttpClient();

    private TurnoutProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it on ephemeral ports and returns when the admin API listens. {@code jvmFlags}: what is not as delivered.
     */
    public static TurnoutProcess start(Path folder, int bluePort, int greenPort, String... jvmFlags)
            throws IOException {
        Path config = folder.resolve("turnout.conf");
        Files.writeString(config, String.format(Locale.ROOT, """
                turnout {
                  admin { listen = "127.0.0.1:0", tokens = [ { name = ops, role = operator, token = "%s" } ] }
                  state-dir = state
                  event-loops = 1
                  routes.shop {
                    protocol = http
                    listen = "127.0.0.1:0"
                    blue.endpoints = ["127.0.0.1:%d"]
                    green.endpoints = ["127.0.0.1:%d"]
                  }
                }
                """, Configs.TOKEN, bluePort, greenPort));
        return run(folder, jvmFlags);
    }

    /** As {@link #start}, with the {@code turnout.conf} that is in the folder already. */
    public static TurnoutProcess run(Path folder, String... jvmFlags) throws IOException {
        Path config = folder.resolve("turnout.conf");
        Path log = Files.createTempFile(folder, "turnout", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("turnout.jvm.flags").split(" ", -1)));
        command.addAll(List.of(jvmFlags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "run",
                config.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                .start();
        TurnoutProcess turnout = new TurnoutProcess(process, log);
        Awaitility.await().atMost(60, TimeUnit.SECONDS)
                .until(() -> !process.isAlive() || turnout.logged(ADMIN_LISTENS).find());
        if (!process.isAlive()) {
            throw new IOException("turnout run ended: " + Files.readString(log));
        }
        return turnout;
    }

    private Matcher logged(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(log));
    }

    private int port(Pattern pattern) throws IOException {
        Matcher matcher = logged(pattern);
        if (!matcher.find()) {
            throw new IOException("not in the log: " + pattern);
        }
        return Integer.parseInt(matcher.group(1));
    }

    public InetSocketAddress address() throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port(ROUTE_LISTENS));
    }

    /** Asks the admin API with the operator's token; an empty body is none. */
    public HttpResponse<String> admin(String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(admin().resolve(path))
                .header("Authorization", "Bearer " + Configs.TOKEN)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The admin API, without a path. */
    public URI admin() throws IOException {
        return URI.create("http://127.0.0.1:" + port(ADMIN_LISTENS));
    }

    /** All that it has logged so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    public long pid() {
        return process.pid();
    }

    /** Has another program do something to the process, as {@code kill -HUP}; the last argument is its id. */
    public void exposeTo(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.add(Long.toString(process.pid()));
        int code = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(words + ": " + code + " (expected: 0)");
        }
    }

    /** Memory that the process holds, in bytes. */
    public long residentBytes() throws IOException {
        Matcher matcher = RESIDENT
                .matcher(Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
        if (!matcher.find()) {
            throw new IOException("no VmRSS of " + process.pid());
        }
        return Long.parseLong(matcher.group(1)) * 1024;
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code SIGTERM}, without waiting for what becomes of it. */
    public void tellToEnd() {
        process.destroy();
    }

    /** {@code SIGTERM}; answers the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while turnout ended", e);
        }
    }
}
