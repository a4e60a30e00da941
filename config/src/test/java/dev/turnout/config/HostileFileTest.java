package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in the file, loading it answers. */
class HostileFileTest {
    private static final String SECRET = "QQQQQQQQQQQQQQQQ";
    private static final int MUTATIONS = Boolean.getBoolean("turnout.drills") ? 100_000 : 3_000;
    private static final String SPLINTERS = "{}[]()\"'`#$=:,.+-*/\\\n\t 09aé\u0000\u001f\uFEFF~^&!@?%";

    @TempDir
    Path folder;

    static List<String> hostile() {
        return List.of(
                "{".repeat(10_000),
                "[".repeat(10_000),
                "a = " + "[".repeat(10_000) + "]".repeat(10_000),
                "a {".repeat(10_000) + "}".repeat(10_000),
                "a = ${".repeat(10_000),
                "a.".repeat(50_000) + "a = 1",
                "turnout." + "a.".repeat(50_000) + "a = 1",
                "a = \"" + "\\u0000".repeat(1000) + "\"",
                "\u0000".repeat(1000),
                "turnout.event-loops = " + "9".repeat(100_000),
                "turnout.event-loops = 1e999999999",
                "turnout.routes.shop.split.green = 1e-999999999",
                "turnout.routes.shop.split.green = 0." + "0".repeat(100_000) + "1",
                "turnout.routes.shop.timeouts.connect = 1e999999999s",
                "turnout.limits.head = 9e999999999KiB",
                "turnout." + "x".repeat(100_000) + " = 1",
                "turnout.routes.\"\\ud800\" { listen = \"\\ud800:1\" }",
                "turnout.routes.\u202Eshop { }",
                "a0 = 1\n" + IntStream.range(0, 20_000).mapToObj(i -> "a" + (i + 1) + " = ${a" + i + "}")
                        .collect(Collectors.joining("\n")),
                IntStream.range(0, 200).mapToObj(i -> "turnout.routes = ${?turnout.routes} { }")
                        .collect(Collectors.joining("\n")),
                "turnout = [" + "{},".repeat(100_000) + "]",
                "\"\"\"", "\"\\", "include", "include \"", "include required(", "+=", "a += ${a}", "a = ${a}",
                "${a}",
                "\r\r\r", "//", "#", "{", "}", ",", "=", ".", "a=1}", "turnout:",
                "turnout: null, turnout {}");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileFileIsAProblem(String text) {
        List<Problem> problems = new Loading(folder).problems(text);

        assertThat(problems).isNotEmpty().allSatisfy(problem -> assertThat(problem.toString())
                .as("fits a terminal").hasSizeLessThan(2_000).doesNotContain("\n", "\u0000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "["})
    void theLineWhereItGetsTooDeepIsNamed(String bracket) {
        Problem problem = new Loading(folder)
                .problem("# {{{{\na = \"[[[[\"\nb = " + (bracket + "\n").repeat(100));

        assertThat(problem.found()).isEqualTo("objects or lists nested deeper");
        assertThat(problem.line()).isEqualTo(3 + Nesting.MAX_DEPTH);
    }

    @Test
    void bracketsInTextsAndCommentsAreNoNesting() {
        String brackets = "{".repeat(100);
        String text = "# " + brackets + "\n// " + brackets + "\n" + GoodFile.text().replace("salt = pepper",
                "salt = \"\"\"" + brackets + "\"\"\"")
                .replace("value = always", "value = \"\\\"" + brackets + "\"");

        assertThat(new Loading(folder).valid(text).routes()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noMutationOfAGoodFileThrowsOrShowsItsSecret(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String good = GoodFile.text().replace("correct-horse", SECRET);
        for (int i = 0; i < MUTATIONS / 4; i++) {
            String text = mutated(good, random);
            String as = "seed " + seed + ", mutation " + i + ":\n" + text;
            assertThatCode(() -> load(text)).as(as).doesNotThrowAnyException();
            if (isTokenOnly(text)) {
                assertThat(load(text)).as(as).doesNotContain("QQ");
            }
        }
    }

    /** Whether the secret, or what is left of it, still stands once and behind its key: elsewhere it is none. */
    private static boolean isTokenOnly(String text) {
        return !text.replaceFirst("(?m)^\\s*token\\W{0,9}Q+", "").contains("QQ");
    }

    private String load(String text) {
        return ConfigLoader.load(new Loading(folder).write(Loading.FILE, text), Map.of()).toString();
    }

    /** One to four pieces put in, taken out, doubled or swapped. */
    private static String mutated(String good, SplittableRandom random) {
        StringBuilder text = new StringBuilder(good);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(1, 30));
            String piece = text.substring(at, end);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, SPLINTERS.charAt(random.nextInt(SPLINTERS.length())));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length()), piece);
                default -> text.setCharAt(at, SPLINTERS.charAt(random.nextInt(SPLINTERS.length())));
            }
        }
        return text.toString();
    }
}
