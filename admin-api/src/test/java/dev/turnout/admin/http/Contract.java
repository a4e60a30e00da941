package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The description of the API, against which every answer is held that a test gets. */
final class Contract {
    /** What the server says of requests that belong to no operation; the introduction of the document has them. */
    private static final Set<String> ANYWHERE = Set.of("bad_request", "unauthenticated", "not_found", "csrf",
            "method_not_allowed", "wrong_host");
    /** A parser's own, without a body. */
    private static final Set<Integer> BARE = Set.of(400, 414, 431);
    private static final Pattern DOTS = Pattern.compile("(?i)/(\\.|%2e){1,2}(/|$)");
    private static final List<String> HEADERS = List.of("ETag", "Set-Cookie", "WWW-Authenticate",
            "Idempotency-Replayed");

    private final JsonNode document = read();
    private final Schemas schemas = new Schemas(document);
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    /** An answer, as it came. */
    record Received(int status, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .findFirst()
                    .orElse("");
        }

        String type() {
            return header("Content-Type").split(";", 2)[0];
        }
    }

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(Contract.class.getResourceAsStream("openapi.yaml"))) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    /** Each operation by method and path: {@code get /api/v1/routes/{route}}. */
    Map<String, JsonNode> operations() {
        return document.path("paths").propertyStream()
                .flatMap(path -> path.getValue().propertyStream()
                        .filter(field -> !field.getKey().equals("parameters"))
                        .map(operation -> Map.entry(operation.getKey() + " " + path.getKey(),
                                operation.getValue())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Every operation, status and code that the document promises. */
    Set<String> promised() {
        return operations().entrySet().stream()
                .flatMap(operation -> operation.getValue().path("responses").propertyStream()
                        .flatMap(response -> codes(schemas.resolve(response.getValue()))
                                .map(code -> operation.getKey() + " " + response.getKey() + code)))
                .collect(Collectors.toSet());
    }

    /** The same of what was answered. */
    Set<String> seen() {
        return seen;
    }

    private Stream<String> codes(JsonNode response) {
        JsonNode problem = response.path("content").path("application/problem+json").path("schema");
        List<String> codes = problem.path("allOf").valueStream()
                .flatMap(part -> part.path("properties").path("code").path("enum").valueStream())
                .map(code -> " " + code.asText())
                .toList();
        return codes.isEmpty() ? Stream.of("") : codes.stream();
    }

    /** Holds an answer against the document. */
    void check(String method, String target, Received answer) {
        String path = target.split("\\?", 2)[0];
        Optional<String> operation = operation(method.equals("HEAD") ? "GET" : method, path);
        String at = method + " " + path + " " + answer.status() + " " + answer.body();
        if (operation.isEmpty()) {
            checkElsewhere(at, answer);
            return;
        }
        if (BARE.contains(answer.status()) && answer.body().isEmpty()) {
            return;
        }
        JsonNode declared = schemas.resolve(Objects.requireNonNull(operations().get(operation.get()))
                .path("responses")
                .path(Integer.toString(answer.status())));
        assertThat(declared.isMissingNode()).as(at + ": a status that is not declared").isFalse();
        checkHeaders(at, declared, answer);
        assertThat(declared.path("content").has(answer.type()) || answer.type().isEmpty())
                .as(at + ": " + answer.type()).isTrue();
        seen.add(operation.get() + " " + answer.status() + checkBody(at, method, declared, answer));
    }

    private String checkBody(String at, String method, JsonNode declared, Received answer) {
        if (method.equals("HEAD") || !answer.type().endsWith("json")) {
            return "";
        }
        JsonNode value = json(answer);
        schemas.check(at, declared.path("content").path(answer.type()).path("schema"), value);
        return answer.type().contains("problem") ? " " + value.path("code").asText() : "";
    }

    private void checkElsewhere(String at, Received answer) {
        if (BARE.contains(answer.status()) && answer.body().isEmpty()) {
            return;
        }
        assertThat(answer.type()).as(at).isEqualTo("application/problem+json");
        JsonNode value = json(answer);
        schemas.check(at, document.at("/components/schemas/Problem"), value);
        assertThat(ANYWHERE).as(at).contains(value.path("code").asText());
    }

    private static void checkHeaders(String at, JsonNode declared, Received answer) {
        for (String header : HEADERS) {
            boolean there = !answer.header(header).isEmpty();
            JsonNode description = declared.path("headers").path(header);
            assertThat(there && description.isMissingNode()).as(at + ": undeclared " + header).isFalse();
        }
        declared.path("headers").propertyStream()
                .filter(header -> header.getValue().path("required").asBoolean())
                .forEach(header -> assertThat(answer.header(header.getKey())).as(at + header).isNotEmpty());
    }

    private Optional<String> operation(String method, String path) {
        if (DOTS.matcher(path).find() || !method.equals(method.toUpperCase(Locale.ROOT))) {
            return Optional.empty(); // a path that leads elsewhere; a method of another name
        }
        String asked = method.toLowerCase(Locale.ROOT) + " " + path;
        return operations().keySet().stream()
                .filter(operation -> asked
                        .matches(operation.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+")))
                .findFirst();
    }

    private static JsonNode json(Received answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(answer.body(), e);
        }
    }
}
