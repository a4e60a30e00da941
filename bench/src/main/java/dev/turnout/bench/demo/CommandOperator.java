package dev.turnout.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.admin.cli.ExitCode;
import dev.turnout.admin.cli.Main;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** By way of the command line, word for word as an operator types it, in this process. One thread. */
final class CommandOperator implements Operator {
    private static final JsonMapper JSON = new JsonMapper();

    private record Said(int exitCode, String out, String err) {}

    private final URI admin;
    private final String route;
    private final String token;

    /** @param admin the admin API, without a path */
    CommandOperator(URI admin, String route, String token) {
        this.admin = admin;
        this.route = route;
        this.token = token;
    }

    @Override
    public String way() {
        return "the command line";
    }

    @Override
    public RouteState state() throws IOException {
        return RouteState.of(done("status", route));
    }

    @Override
    public void set(Share green) throws IOException {
        Share said = RouteState.of(done(split(green))).green();
        if (!said.equals(green)) {
            throw new IOException("turnout split said green=" + said + " (expected: green=" + green + ")");
        }
    }

    private String[] split(Share green) {
        return new String[]{"split", route, "green=" + green, "--reason", "demo"};
    }

    @Override
    public void reset() throws IOException {
        done("split", route, "--reset");
    }

    @Override
    public Explained explain(Sample sample) throws IOException {
        List<String> words = new ArrayList<>(List.of("explain", route, "--cookie", sample.cookie()));
        if (sample.canary()) {
            words.addAll(List.of("--header", StageConfig.CANARY + "=" + StageConfig.ALWAYS));
        }
        return Explained.of(done(words.toArray(String[]::new)));
    }

    @Override
    public void drain(Target side, Duration atMost) throws IOException {
        done("drain", route, side.label(), "--timeout", atMost.toMillis() + "ms");
    }

    @Override
    public SessionCounts sessions() throws IOException {
        return SessionCounts.of(done("sessions", route));
    }

    @Override
    public String refusal(Share green) throws IOException {
        Said said = run(split(green));
        if (said.exitCode != ExitCode.REFUSED) {
            throw new IOException("turnout split ended with exit code " + said.exitCode + " at green=" + green
                    + ": " + said.err.strip() + " (expected: " + ExitCode.REFUSED + ")");
        }
        return "refused with exit code " + said.exitCode;
    }

    @Override
    public Reloaded reload() throws IOException {
        Said said = run("reload");
        if (said.exitCode == ExitCode.USAGE) {
            // The first line says that nothing was changed; each other one is a problem.
            return new Reloaded.Refused(said.err.lines().skip(1).map(String::strip).toList());
        }
        return new Reloaded.Applied(Reloaded.texts(json(said, "reload").path("changes")));
    }

    private JsonNode done(String... words) throws IOException {
        return json(run(words), words);
    }

    private static JsonNode json(Said said, String... words) throws IOException {
        if (said.exitCode != ExitCode.DONE) {
            throw new IOException(
                    "turnout " + String.join(" ", words) + " ended with exit code " + said.exitCode
                            + ": " + said.err.strip());
        }
        return JSON.readTree(said.out);
    }

    private Said run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--admin", admin.toString(), "--token", token, "-o", "json"));
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return new Said(exitCode, out.toString(), err.toString());
    }
}
