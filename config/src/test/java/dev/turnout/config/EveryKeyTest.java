package dev.turnout.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key that {@code reference.conf} documents, misspelt, mistyped and exceeded: one problem, at the right line. */
class EveryKeyTest {
    /** Sections that bound nothing themselves; what they hold does. */
    private static final List<String> UNBOUNDED = List.of();
    private static final List<String> BAD_LISTENS = List.of("\"127.0.0.1\"", "8080", "\"127.0.0.1:65536\"",
            "\"127.0.0.1:-1\"", "\"::1:8080\"", "\"[::g]:80\"", "\"[1:2]:80\"", "\"10.0.0.300:80\"",
            "\"10.1:80\"", "\"" + "x".repeat(254) + ":80\"",
            "\"a b:80\"", "\"\"");
    private static final List<String> BAD_ENDPOINTS = List.of("[]", "[\"a:0\"]", "[\"a:65536\"]", "[\"a\"]",
            "[\"a:1\", \"b:1\", \"a:1\"]", "[\"a:1\", \"A:1\"]", "[null]", "[[]]", "[{}]");
    private static final List<String> BAD_NAMES = List.of("\"\"", "\"a b\"", "\"a:b\"", "\"é\"",
            "\"a\\u0000\"",
            "x".repeat(257));
    private static final List<String> BAD_SHARES = List.of("100.0001%", "101", "-1", "\"-1%\"", "0.00001%",
            "12.34567", "\"five\"", "1e1", "\"5%%\"", "\"\"");
    private static final List<String> BAD_FLAGS = List.of("maybe", "1", "yes", "\"\"");
    private static final List<String> WAITS_TOO_LONG = durations("0s", "0.5ms", "86401s", "25h");

    private static final List<String> BAD_HEADERS = Stream
            .concat(BAD_NAMES.stream(), Stream.of("Connection", "te", "Transfer-Encoding", "content-length"))
            .toList();

    private static final List<String> BAD_VALUES = List.of("\"\"", "\" a\"", "\"a \"", "\"a\\nb\"", "\"é\"",
            "x".repeat(1025));
    private static final List<String> BAD_HOSTS = List.of("\"\"", "\"shop.example:80\"", "\"*\"", "\"*.\"",
            "\"a.*.b\"", "\"*a.b\"", "\"*.10.0.0.1\"", "\"10.0.0.300\"", "\"10.1\"", "80", "\"::1\"",
            "\"[::g]\"", "\"[fe80::1%eth0]\"", "\"a..b\"", "\".a\"", "\"a.\"", "\"-a.b\"", "\"a b\"",
            "\"a/b\"",
            "\"é.example\"", "x".repeat(64), "\"" + "a.".repeat(127) + "a\"");
    private static final List<String> BAD_PREFIXES = List.of("\"\"", "api", "\"/a b\"", "\"/a?b\"",
            "\"/a#b\"",
            "\"/é\"", "\"/a\\nb\"", "\"http://a/b\"", "\"/" + "x".repeat(1024) + "\"");
    private static final List<String> BAD_RANGES = List.of("\"10.0.0.0/33\"", "\"::1/129\"", "\"10.0.0/8\"",
            "\"10.0.0.0/\"", "\"10.0.0.300\"", "\"10.0.0.0/-1\"", "\"::ffff:10.0.0.0/104\"",
            "\"fe80::1%eth0\"", "\"proxy.example\"", "\"\"", "[null]", "[\"10.0.0.1\", office]",
            entries(1001, "\"10.0.0.1\""));
    private static final List<String> BAD_LOGINS = List.of("\"\"", "\"a\\nb\"", "\"\\ud800\"", "x".repeat(64),
            "é".repeat(32));
    private static final List<String> BAD_PARAMETERS = List.of("\"\"", "\"a b\"", "\"a-b\"", "\"a=b\"", "é",
            "x".repeat(64));
    private static final List<String> BAD_PARAMETER_VALUES = List.of("\"\"", "\"a\\nb\"", "\"\\ud800\"",
            "x".repeat(1025));
    private static final List<String> BAD_PASSWORDS = List.of("\"\"", "\"a\\u0000b\"", "\"\\ud800\"",
            "x".repeat(1025), "\"SCRAM-SHA-256$4096:c2FsdA==\"");
    private static final List<String> BAD_KEY_PASSWORDS = List.of("\"\"", "x".repeat(1025));
    private static final List<String> BAD_PATHS = List.of("\"\\ud800\"", "\"\"", "\" \"", "\"a\\u0000b\"",
            "x".repeat(4097));
    private static final List<String> BAD_TLS_MODES = List.of("on", "Require", "verify_full", "\"\"", "true");
    private static final List<String> BAD_SIDES = List.of("{ certificate = a }", "{ private-key = a }",
            "{ private-key-password = a }");
    private static final List<String> BAD_RULES = List.of(entries(1001, "{ when.header.x = v#, to = blue }"),
            "[ { when {}, to = blue }, { when.method = GET, to = green } ]");

    /** Keys that hold one value or a list of them. */
    private static final Set<String> ONE_OR_MORE = Set.of("turnout.routes.<name>.split.overrides[].from",
            "turnout.routes.<name>.split.rules[].when.method",
            "turnout.routes.<name>.split.rules[].when.host",
            "turnout.routes.<name>.split.rules[].when.client",
            "turnout.routes.<name>.split.rules[].when.user",
            "turnout.routes.<name>.split.rules[].when.database",
            "turnout.routes.<name>.split.rules[].when.application");

    /** Values that are of the right type but too large, too small, too long or not among the allowed ones. */
    private static final Map<String, List<String>> EXCEEDING = Map.ofEntries(
            entry("turnout", UNBOUNDED),
            entry("turnout.admin", UNBOUNDED),
            entry("turnout.admin.listen", BAD_LISTENS),
            entry("turnout.admin.tokens",
                    List.of(entries(1001, "{ name = n#, role = admin, token = secret-token-# }"))),
            entry("turnout.admin.tokens[].name", List.of("\"\"", "\"a b\"", "\"a\\nb\"", "x".repeat(64))),
            entry("turnout.admin.tokens[].role", List.of("root", "Operator", "\"\"", "7")),
            entry("turnout.admin.tokens[].token",
                    List.of("\"\"", "seven77", "\"with a space\"", "\"tab\\there\"",
                            "\"ünicode-secret\"", "x".repeat(513), "1234567")),
            entry("turnout.state-dir",
                    List.of("\"\\ud800\"", "\"\"", "\" \"", "\"a\\u0000b\"", "x".repeat(4097))),
            entry("turnout.transport", List.of("kqueue", "NIO", "\"\"", "1")),
            entry("turnout.event-loops",
                    List.of("0", "257", "-1", "2.5", "two", "99999999999999999999", "1e2", "\"\"")),
            entry("turnout.routes", List.of("{}", routes(10_001))),
            entry("turnout.routes.<name>", UNBOUNDED),
            entry("turnout.routes.<name>.protocol", List.of("ftp", "HTTP", "postgres", "\"\"")),
            entry("turnout.routes.<name>.listen", BAD_LISTENS),
            entry("turnout.routes.<name>.blue", UNBOUNDED),
            entry("turnout.routes.<name>.blue.endpoints", BAD_ENDPOINTS),
            entry("turnout.routes.<name>.green", UNBOUNDED),
            entry("turnout.routes.<name>.green.endpoints", BAD_ENDPOINTS),
            entry("turnout.routes.<name>.split", UNBOUNDED),
            entry("turnout.routes.<name>.split.green", BAD_SHARES),
            entry("turnout.routes.<name>.split.salt", List.of("\"\"", "x".repeat(129), "é".repeat(65),
                    "\"a\\u001Fb\"", "\"\\ud800\"")),
            entry("turnout.routes.<name>.split.overrides",
                    List.of(entries(1001, "{ header = x, value = v#, to = blue }"))),
            entry("turnout.routes.<name>.split.overrides[].header", BAD_HEADERS),
            entry("turnout.routes.<name>.split.overrides[].cookie", BAD_NAMES),
            entry("turnout.routes.<name>.split.overrides[].value", BAD_VALUES),
            entry("turnout.routes.<name>.split.overrides[].from", BAD_RANGES),
            entry("turnout.routes.<name>.split.overrides[].to", List.of("shadow", "Green", "\"\"")),
            entry("turnout.routes.<name>.rules", BAD_RULES),
            entry("turnout.routes.<name>.split.rules", BAD_RULES),
            entry("turnout.routes.<name>.split.rules[].when", UNBOUNDED),
            entry("turnout.routes.<name>.split.rules[].when.method",
                    List.of("get", "Post", "\"\"", "\"A B\"", "\"é\"", "[GET, delete]", "[null]",
                            "x".repeat(33), entries(1001, "M#"))),
            entry("turnout.routes.<name>.split.rules[].when.path-prefix", BAD_PREFIXES),
            entry("turnout.routes.<name>.split.rules[].when.host",
                    Stream.concat(BAD_HOSTS.stream(),
                            Stream.of("[null]", "[\"a.b\", \"*\"]", entries(1001, "h#")))
                            .toList()),
            entry("turnout.routes.<name>.split.rules[].when.header",
                    List.of(named(101), "{ Connection = a }", "{ \"a b\" = c }", "{ \"\" = c }",
                            "{ x-a = b, X-A = c }")),
            entry("turnout.routes.<name>.split.rules[].when.header.<name>", BAD_VALUES),
            entry("turnout.routes.<name>.split.rules[].when.query",
                    List.of(named(101), "{ \"a\\nb\" = c }", "{ \"\" = c }",
                            "{ " + "x".repeat(257) + " = c }")),
            entry("turnout.routes.<name>.split.rules[].when.query.<name>",
                    List.of("\"a\\nb\"", "\"a\\u0000b\"", "\"\\ud800\"", "x".repeat(1025))),
            entry("turnout.routes.<name>.split.rules[].when.client", BAD_RANGES),
            entry("turnout.routes.<name>.split.rules[].to", List.of("shadow", "Green", "\"\"")),
            entry("turnout.routes.<name>.split.rules[].split", BAD_SHARES),
            entry("turnout.routes.<name>.match", UNBOUNDED),
            entry("turnout.routes.<name>.match.host", BAD_HOSTS),
            entry("turnout.routes.<name>.match.path-prefix", BAD_PREFIXES),
            entry("turnout.routes.<name>.match.headers",
                    List.of(named(101), "{ TE = a }", "{ \"a:b\" = c }", "{ \"\" = c }",
                            "{ x-a = b, X-A = b }")),
            entry("turnout.routes.<name>.match.headers.<name>", BAD_VALUES),
            entry("turnout.routes.<name>.split.cohort",
                    List.of("{}", "{ cookie = a, header = b }", "{ mint = true }", "{ client-ip = false }",
                            "{ query = a, client-ip = true, mint = true }", "{ header = a, mint = false }")),
            entry("turnout.routes.<name>.split.cohort.query",
                    List.of("\"\"", "\"a\\nb\"", "\"\\ud800\"", "x".repeat(257))),
            entry("turnout.routes.<name>.split.cohort.client-ip", BAD_FLAGS),
            entry("turnout.routes.<name>.split.cohort.mint", BAD_FLAGS),
            entry("turnout.routes.<name>.split.cohort.cookie", BAD_NAMES),
            entry("turnout.routes.<name>.split.cohort.header", BAD_HEADERS),
            entry("turnout.routes.<name>.expose-target", BAD_FLAGS),
            entry("turnout.routes.<name>.data", List.of("replica", "Shared", "\"\"", "true")),
            entry("turnout.routes.<name>.mode", List.of("transaction", "statement", "\"\"", "1")),
            entry("turnout.routes.<name>.slow-statement", durations("86401s", "25h")),
            entry("turnout.routes.<name>.timeouts.authenticate",
                    durations("0s", "0.5ms", "601s", "11m", "1h")),
            entry("turnout.routes.<name>.limits.unauthenticated",
                    List.of("0", "1000001", "-1", "1.5", "many", "\"\"")),
            entry("turnout.routes.<name>.auth", List.of("{}", "{ mode = users }", "{ mode = pass-through }",
                    "{ mode = pass-through, users = [] }", "{ mode = trust }")),
            entry("turnout.routes.<name>.auth.mode", List.of("md5", "Users", "pass_through", "\"\"", "true")),
            entry("turnout.routes.<name>.auth.query", List.of("{}", "{ password = a }")),
            entry("turnout.routes.<name>.auth.query.user", BAD_LOGINS),
            entry("turnout.routes.<name>.auth.query.password", BAD_PASSWORDS),
            entry("turnout.routes.<name>.auth.query.sql",
                    List.of("\"\"", "\"SELECT 1\"", "\"$1" + "x".repeat(10_000) + "\"")),
            entry("turnout.routes.<name>.auth.query.database", BAD_LOGINS),
            entry("turnout.routes.<name>.auth.users", List.of(entries(1001, "{ name = n#, password = p }"),
                    "[ { password = p } ]", "[ { name = a, password = p }, { name = a, password = q } ]",
                    "[ { name = a, password = p, verifier = md50123456789abcdef0123456789abcdef } ]")),
            entry("turnout.routes.<name>.auth.users[].name", BAD_LOGINS),
            entry("turnout.routes.<name>.auth.users[].password", BAD_PASSWORDS),
            entry("turnout.routes.<name>.auth.users[].verifier", List.of("\"\"", "hunter2", "md5",
                    "md5" + "0".repeat(31), "md5" + "0".repeat(33), "md5" + "A".repeat(32),
                    "\"SCRAM-SHA-256$4096:c2FsdA==\"")),
            entry("turnout.routes.<name>.auth.users-file", BAD_PATHS),
            entry("turnout.routes.<name>.auth.certificates",
                    List.of(named(1001), "{ \"\" = a }", "{ \"a\\nb\" = a }",
                            "{ " + "x".repeat(1025) + " = a }")),
            entry("turnout.routes.<name>.auth.certificates.<name>", BAD_LOGINS),
            entry("turnout.routes.<name>.tls",
                    List.of("{ certificate = a, client-ca = c }", "{ private-key = b, client-ca = c }")),
            entry("turnout.routes.<name>.tls.certificate", BAD_PATHS),
            entry("turnout.routes.<name>.tls.private-key", BAD_PATHS),
            entry("turnout.routes.<name>.tls.private-key-password", BAD_KEY_PASSWORDS),
            entry("turnout.routes.<name>.tls.client-ca", BAD_PATHS),
            entry("turnout.routes.<name>.tls.client-certificate",
                    List.of("none", "Required", "\"\"", "true")),
            entry("turnout.routes.<name>.tls.required", BAD_FLAGS),
            entry("turnout.routes.<name>.blue.tls", BAD_SIDES),
            entry("turnout.routes.<name>.blue.tls.mode", BAD_TLS_MODES),
            entry("turnout.routes.<name>.blue.tls.ca", BAD_PATHS),
            entry("turnout.routes.<name>.blue.tls.certificate", BAD_PATHS),
            entry("turnout.routes.<name>.blue.tls.private-key", BAD_PATHS),
            entry("turnout.routes.<name>.blue.tls.private-key-password", BAD_KEY_PASSWORDS),
            entry("turnout.routes.<name>.green.tls", BAD_SIDES),
            entry("turnout.routes.<name>.green.tls.mode", BAD_TLS_MODES),
            entry("turnout.routes.<name>.green.tls.ca", BAD_PATHS),
            entry("turnout.routes.<name>.green.tls.certificate", BAD_PATHS),
            entry("turnout.routes.<name>.green.tls.private-key", BAD_PATHS),
            entry("turnout.routes.<name>.green.tls.private-key-password", BAD_KEY_PASSWORDS),
            entry("turnout.routes.<name>.split.overrides[].startup-option", BAD_PARAMETERS),
            entry("turnout.routes.<name>.split.overrides[].read-only", BAD_FLAGS),
            entry("turnout.routes.<name>.split.rules[].read-only", BAD_FLAGS),
            entry("turnout.routes.<name>.split.rules[].when.user",
                    Stream.concat(BAD_LOGINS.stream(), Stream.of("[null]", entries(1001, "u#"))).toList()),
            entry("turnout.routes.<name>.split.rules[].when.database",
                    Stream.concat(BAD_LOGINS.stream(), Stream.of("[null]", entries(1001, "d#"))).toList()),
            entry("turnout.routes.<name>.split.rules[].when.application",
                    Stream.concat(BAD_PARAMETER_VALUES.stream(), Stream.of("[null]", entries(1001, "a#")))
                            .toList()),
            entry("turnout.routes.<name>.split.rules[].when.startup",
                    List.of(named(101), "{ \"a b\" = c }", "{ \"\" = c }", "{ A = b, a = b }", "{ User = c }",
                            "{ database = c }", "{ application_name = c }")),
            entry("turnout.routes.<name>.split.rules[].when.startup.<name>", BAD_PARAMETER_VALUES),
            entry("turnout.routes.<name>.split.cohort.user", BAD_FLAGS),
            entry("turnout.routes.<name>.split.cohort.application", BAD_FLAGS),
            entry("turnout.routes.<name>.split.cohort.startup-parameter", BAD_PARAMETERS),
            entry("turnout.dns", UNBOUNDED),
            entry("turnout.dns.servers",
                    List.of("[\"10.0.0.53\"]", "[\"10.0.0.53:0\"]", "[\"dns.example:53\"]", "[null]", "[[]]",
                            entries(17, "\"10.0.0.#:53\""))),
            entry("turnout.dns.timeout", durations("99ms", "30001ms", "1m", "0s")),
            entry("turnout.limits", UNBOUNDED),
            entry("turnout.limits.head", sizes("1023B", "257KiB", "262145B", "1MiB", "0B")),
            entry("turnout.limits.target", sizes("63B", "257KiB", "17KiB", "16385B", "1GiB")),
            entry("turnout.limits.fields", List.of("0", "129", "-1", "2.5", "many", "\"\"")),
            entry("turnout.shutdown-timeout", durations("3601s", "61m", "2h")),
            entry("turnout.access-log",
                    List.of("\"\\ud800\"", "\"\"", "\" \"", "\"a\\u0000b\"", "x".repeat(4097))),
            entry("turnout.routes.<name>.split.unhealthy", List.of("Fail", "drop", "\"\"", "503")),
            entry("turnout.routes.<name>.timeouts", UNBOUNDED),
            entry("turnout.routes.<name>.timeouts.connect",
                    durations("0s", "0.5ms", "60001ms", "61s", "2m", "1h")),
            entry("turnout.routes.<name>.timeouts.head", WAITS_TOO_LONG),
            entry("turnout.routes.<name>.timeouts.idle", WAITS_TOO_LONG),
            entry("turnout.routes.<name>.timeouts.request", WAITS_TOO_LONG),
            entry("turnout.routes.<name>.timeouts.tunnel", WAITS_TOO_LONG),
            entry("turnout.routes.<name>.timeouts.pool", WAITS_TOO_LONG),
            entry("turnout.routes.<name>.limits", UNBOUNDED),
            entry("turnout.routes.<name>.limits.body",
                    sizes("1025GiB", "1099511627777B", "1TiB", "9999999999GiB", "17179869185GiB",
                            "99999999999999999999B")),
            entry("turnout.routes.<name>.limits.connections",
                    List.of("0", "1000001", "-1", "1.5", "many", "\"\"")),
            entry("turnout.routes.<name>.headers", UNBOUNDED),
            entry("turnout.routes.<name>.headers.x-forwarded", BAD_FLAGS),
            entry("turnout.routes.<name>.headers.forwarded", BAD_FLAGS),
            entry("turnout.routes.<name>.headers.via", BAD_FLAGS),
            entry("turnout.routes.<name>.headers.request-id", BAD_FLAGS),
            entry("turnout.routes.<name>.headers.traceparent", BAD_FLAGS),
            entry("turnout.routes.<name>.headers.trust",
                    List.of("[\"10.0.0.0/33\"]", "[\"::1/129\"]", "[\"10.0.0/8\"]", "[\"10.0.0.0/\"]",
                            "[\"10.0.0.300\"]", "[\"10.0.0.0/-1\"]", "[\"::ffff:10.0.0.0/104\"]",
                            "[\"fe80::1%eth0\"]", "[\"proxy.example\"]", "[\"\"]", "[null]",
                            entries(1001, "\"10.0.0.1\""))),
            entry("turnout.routes.<name>.health", UNBOUNDED),
            entry("turnout.routes.<name>.health.check", List.of("tcp", "HTTP", "\"\"", "true")),
            entry("turnout.routes.<name>.health.path",
                    List.of("\"\"", "health", "\"/a b\"", "\"/a#b\"", "\"/é\"", "\"/a\\nb\"",
                            "/" + "x".repeat(1024))),
            entry("turnout.routes.<name>.health.interval", durations("9ms", "0s", "3601s", "2h")),
            entry("turnout.routes.<name>.health.timeout", durations("0s", "0.5ms", "60001ms", "2m")),
            entry("turnout.routes.<name>.health.rise", List.of("0", "101", "-1", "1.5", "two", "\"\"")),
            entry("turnout.routes.<name>.health.fall", List.of("0", "101", "-1", "1.5", "two", "\"\"")),
            entry("turnout.routes.<name>.health.slow-start", durations("3601s", "2h")),
            entry("turnout.routes.<name>.health.eject", UNBOUNDED),
            entry("turnout.routes.<name>.health.eject.failures",
                    List.of("0", "1001", "-1", "1.5", "two", "\"\"")),
            entry("turnout.routes.<name>.health.eject.for", durations("0s", "0.5ms", "301s", "6m", "1h")),
            entry("turnout.routes.<name>.health.eject.at-most", BAD_SHARES));

    @TempDir
    Path folder;

    static Stream<String> documented() {
        return DocumentedKeys.all().keySet().stream();
    }

    static Stream<String> documentedWords() {
        return documented().filter(key -> !key.endsWith("<name>"));
    }

    @Test
    void theGoodFileIsGood() {
        assertThat(new Loading(folder).warnings(GoodFile.text())).isEmpty();
    }

    @Test
    void noKeyIsWithoutAnExceedingValue() {
        assertThat(EXCEEDING.keySet()).containsExactlyInAnyOrderElementsOf(DocumentedKeys.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("documentedWords")
    void aMisspeltKeyIsOneProblemThatNamesTheRightOne(String key) {
        GoodFile file = GoodFile.with(key);
        String word = GoodFile.lastWord(key);
        for (String misspelt : misspellings(word)) {
            Problem problem = new Loading(folder).problem(file.renamed(key, misspelt));

            assertThat(problem.line()).as(misspelt).isEqualTo(file.line(key));
            assertThat(problem.found()).as(misspelt).isEqualTo("an unknown key");
            assertThat(problem.suggestion()).as(misspelt).isEqualTo(Optional.of(word));
            assertThat(problem.key()).isEqualTo(
                    GoodFile.path(key).substring(0, GoodFile.path(key).length() - word.length()) + misspelt);
        }
    }

    @ParameterizedTest
    @MethodSource("documented")
    void aMistypedKeyIsOneProblem(String key) {
        GoodFile file = GoodFile.with(key);
        for (String value : mistyped(key)) {
            assertOneProblem(file, key, value);
        }
    }

    @ParameterizedTest
    @MethodSource("documented")
    void anExceedingValueIsOneProblem(String key) {
        GoodFile file = GoodFile.with(key);
        for (String value : Objects.requireNonNull(EXCEEDING.get(key))) {
            assertOneProblem(file, key, value);
        }
    }

    private void assertOneProblem(GoodFile file, String key, String value) {
        String shown = key + " = " + value.substring(0, Math.min(60, value.length()));
        List<Problem> problems = new Loading(folder).problems(file.revalued(key, value));

        assertThat(problems).as(shown).hasSize(1);
        assertThat(problems.getFirst().line()).as(shown).isEqualTo(file.line(key));
        assertThat(problems.getFirst().key()).as(shown).startsWith(GoodFile.path(key));
        assertThat(problems.getFirst().toString()).as("fits a terminal").hasSizeLessThan(500);
    }

    private static List<String> mistyped(String key) {
        ConfigValue documented = Objects.requireNonNull(DocumentedKeys.all().get(key));
        if (ONE_OR_MORE.contains(key)) {
            return List.of("{ a = b }", "[]", "[[]]", "[{}]");
        }
        if (documented instanceof ConfigObject) {
            return List.of("\"text\"", "5", "true", "[1]");
        }
        return documented instanceof ConfigList
                ? List.of("\"text\"", "5", "true", "{ a = b }")
                : List.of("{ a = b }", "[1]", "[]");
    }

    /** The last letter doubled, one in the middle changed, the first two swapped. */
    private static List<String> misspellings(String word) {
        int middle = word.length() / 2;
        return List.of(
                word + word.charAt(word.length() - 1),
                word.substring(0, middle) + (word.charAt(middle) == 'q' ? "x" : "q")
                        + word.substring(middle + 1),
                "" + word.charAt(1) + word.charAt(0) + word.substring(2));
    }

    private static List<String> durations(String... beyond) {
        return Stream.concat(Stream.of("-1s", "2", "2 fortnights", "99999999999s", "\"\""), Stream.of(beyond))
                .toList();
    }

    private static List<String> sizes(String... beyond) {
        return Stream.concat(Stream.of("-1B", "1024", "16KB", "16kib", "1.5KiB", "64 bytes", "\"\""),
                Stream.of(beyond)).toList();
    }

    private static String entries(int count, String entry) {
        return IntStream.range(0, count).mapToObj(i -> entry.replace("#", "" + i))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String named(int count) {
        String list = entries(count, "n# = v");
        return "{" + list.substring(1, list.length() - 1) + "}";
    }

    private static String routes(int count) {
        String route = "r# { protocol = http, listen = \"a:0\", blue.endpoints = [\"b:1\"],"
                + " green.endpoints = [\"g:1\"] }";
        String list = entries(count, route);
        return "{" + list.substring(1, list.length() - 1) + "}";
    }
}
