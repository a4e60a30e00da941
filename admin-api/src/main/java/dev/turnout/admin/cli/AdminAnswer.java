package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** What the admin API said: its JSON, or its problem as a sentence and an exit code. */
final class AdminAnswer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private AdminAnswer() {}

    /**
     * Reads an answer.
     *
     * @param hadToken whether the request carried one
     */
    static JsonNode read(URI base, boolean hadToken, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String type = response.headers().firstValue("Content-Type").orElse("no content type");
        boolean done = status == 200 && type.startsWith("application/json");
        boolean refused = status >= 400 && type.startsWith("application/problem+json");
        if (!done && !refused) {
            throw foreign(base, "HTTP " + status + " with " + Table.printable(type));
        }
        try {
            JsonNode json = JSON.readTree(response.body());
            if (done) {
                return json;
            }
            String detail = Table.printable(json.path("detail").asText("HTTP " + status));
            throw new ApiProblem(exitCode(status), sentence(status, detail, hadToken), json);
        } catch (IOException e) {
            throw foreign(base, "HTTP " + status + " with broken JSON");
        }
    }

    /** Pretty, as {@code -o json} prints it. */
    static String print(JsonNode json) {
        return escaped(json.toPrettyString());
    }

    /** In one line, as {@code -o json} prints one of many. */
    static String line(JsonNode json) {
        return escaped(json.toString());
    }

    /** JSON may hold some raw that a terminal acts upon; they can only stand in texts, where an escape is the same. */
    private static String escaped(String json) {
        return Table.UNPRINTABLE.matcher(json).replaceAll(found -> found.group().equals("\n")
                ? "\n"
                : found.group().chars().mapToObj(c -> "\\\\u" + HexFormat.of().toHexDigits((char) c))
                        .collect(Collectors.joining()));
    }

    private static OperatorException foreign(URI base, String found) {
        return new OperatorException(ExitCode.UNREACHABLE, base + ": answered " + found
                + " (expected: Turnout's admin API; --admin or TURNOUT_ADMIN say where it is)");
    }

    private static String sentence(int status, String detail, boolean hadToken) {
        if (status != 401) {
            return detail;
        }
        return hadToken
                ? "the token is not valid here (expected: one of the configuration; the one in admin.token in the"
                        + " proxy's state-dir changes at each start)"
                : "no token (expected: --token or TURNOUT_TOKEN; without tokens in its configuration the proxy writes"
                        + " one to admin.token in its state-dir)";
    }

    /** 401 and 403 count as refused: trying again will not help, and nothing was changed. */
    private static int exitCode(int status) {
        return switch (status) {
            case 401, 403, 409, 412, 421 -> ExitCode.REFUSED;
            case 400, 413, 415, 422 -> ExitCode.USAGE;
            case 408, 504 -> ExitCode.TIMED_OUT;
            default -> ExitCode.FAILED;
        };
    }
}
