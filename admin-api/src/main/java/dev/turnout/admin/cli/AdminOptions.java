package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that every command has that talks to the admin API. */
final class AdminOptions {
    // @formatter:off
    @Option(names = "--admin", paramLabel = "URL", defaultValue = "${env:TURNOUT_ADMIN:-http://127.0.0.1:9901}",
            description = "The admin API; default: $$TURNOUT_ADMIN, else http://127.0.0.1:9901.")
    private String admin;

    @Option(names = "--token", paramLabel = "TOKEN", defaultValue = "${env:TURNOUT_TOKEN}",
            description = {"Proves who you are; default: $$TURNOUT_TOKEN, which no process list shows.",
                "Without tokens in its configuration the proxy writes one to admin.token in its state-dir."})
    private @Nullable String token;

    @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "table",
            description = "table or json; default: table.")
    private OutputFormat output;

    @Option(names = "--request-timeout", paramLabel = "TIME", defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to wait for an answer, like 500ms or 10s; default: 10s.")
    private Duration requestTimeout;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this help.")
    @SuppressWarnings("UnusedVariable") // picocli asks it by the annotation
    private boolean help;
    // @formatter:on

    OutputFormat output() {
        return output;
    }

    /** Prints an answer of the API: as JSON, or as {@code table} makes it for people. */
    void print(CommandSpec command, JsonNode answer, Function<JsonNode, String> table) {
        command.commandLine().getOut().println(switch (output) {
            case TABLE -> table.apply(answer);
            case JSON -> AdminAnswer.print(answer);
        });
    }

    AdminClient connect() {
        return new AdminClient(base(), token(), requestTimeout);
    }

    private URI base() {
        try {
            URI uri = new URI(admin);
            boolean http = "http".equalsIgnoreCase(uri.getScheme())
                    || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return URI.create(admin.replaceFirst("/+$", ""));
            }
        } catch (URISyntaxException e) {
            throw new OperatorException(ExitCode.USAGE, badUrl() + ": " + e.getReason());
        }
        throw new OperatorException(ExitCode.USAGE, badUrl());
    }

    private String badUrl() {
        return "--admin or TURNOUT_ADMIN: " + admin + " (expected: a URL like http://127.0.0.1:9901)";
    }

    private Optional<String> token() {
        String stripped = token == null ? "" : token.strip();
        if (!stripped.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new OperatorException(ExitCode.USAGE,
                    "--token or TURNOUT_TOKEN: holds a space or a character that no header may carry"
                            + " (expected: the token alone, on one line)");
        }
        return Optional.of(stripped).filter(text -> !text.isEmpty());
    }
}
