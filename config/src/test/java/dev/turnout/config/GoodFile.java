package dev.turnout.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** {@code every-key.conf}, and what becomes of it when one key is spoilt. */
record GoodFile(List<String> lines) {
    private static final String ROUTE = "turnout.routes.<name>.";
    private static final String VERIFIER = "md5" + "0123456789abcdef".repeat(2);
    private static final String COHORT = "cookie = uid\n          mint = false";

    /** The good file with this key in it. */
    static GoodFile with(String key) {
        String text = text();
        String changed = switch (key.startsWith(ROUTE) ? key.substring(ROUTE.length()) : key) {
            case "rules" -> text.replace("unhealthy = spill", "unhealthy = spill, rules = null")
                    .replace("expose-target", "rules = []\nexpose-target");
            case "split.overrides[].cookie" -> text.replace("header = x-canary", "cookie = canary");
            case "split.rules[].split" -> text.replace("to = blue", "split = 5%");
            case "split.cohort.header" -> text.replace(COHORT, "header = x-uid");
            case "split.cohort.query" -> text.replace(COHORT, "query = uid");
            case "split.cohort.application" -> text.replace("user = true", "application = true");
            case "split.cohort.startup-parameter" ->
                text.replace("user = true", "startup-parameter = TimeZone");
            case "auth.users[].verifier" -> text.replace("password = hunter2", "verifier = " + VERIFIER);
            case "split.cohort.client-ip" -> text.replace(COHORT, "client-ip = true");
            default -> text;
        };
        return new GoodFile(changed.lines().toList());
    }

    static String text() {
        try (InputStream resource = Objects.requireNonNull(
                GoodFile.class.getResourceAsStream("/every-key.conf"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("users.txt", users());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of users that is there. */
    private static String users() {
        return Objects.requireNonNull(GoodFile.class.getResource("/users.txt")).getPath();
    }

    /** The key as it stands in this file and in messages about it. */
    static String path(String key) {
        return named(key).replace("[]", "[0]");
    }

    /** With the names of this file: what the route for HTTP does not have the other one has. */
    private static String named(String key) {
        String route = isOnlyForPostgres(key) ? "routes.db" : "routes.shop";
        return key.replace("routes.<name>", route).replace("<name>", "shop");
    }

    private static boolean isOnlyForPostgres(String key) {
        return IntStream.range(0, key.length()).filter(i -> key.charAt(i) == '.')
                .anyMatch(dot -> OtherProtocol.keys(key.substring(0, dot), Protocol.HTTP)
                        .containsKey(key.substring(dot + 1).replaceFirst("[.\\[].*", "")));
    }

    /** The 1-based line of the key. */
    int line(String key) {
        Map<String, ConfigValue> keys = DocumentedKeys.in(ConfigFactory.parseString(text(lines)).root());
        return Objects.requireNonNull(keys.get(named(key)), key).origin().lineNumber();
    }

    /** The file with another word for this key. */
    String renamed(String key, String word) {
        List<String> changed = new ArrayList<>(lines);
        int index = line(key) - 1;
        changed.set(index, changed.get(index).replaceFirst(Pattern.quote(lastWord(key)), word));
        return text(changed);
    }

    /** The file with another value for this key, on one line. */
    String revalued(String key, String value) {
        int first = line(key) - 1;
        int last = first;
        int depth = brackets(lines.get(first));
        while (depth > 0) {
            depth += brackets(lines.get(++last));
        }
        List<String> changed = new ArrayList<>(lines.subList(0, first));
        changed.add(lastWord(key) + " = " + value);
        changed.addAll(lines.subList(last + 1, lines.size()));
        return text(changed);
    }

    static String lastWord(String key) {
        String word = key.substring(key.lastIndexOf('.') + 1);
        return word.equals("<name>") ? "shop" : word;
    }

    private static int brackets(String line) {
        return line.chars().map(c -> switch (c) {
            case '{', '[' -> 1;
            case '}', ']' -> -1;
            default -> 0;
        }).sum();
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
