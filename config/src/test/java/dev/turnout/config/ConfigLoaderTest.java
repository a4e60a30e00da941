package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files, includes, syntax and substitutions; what keys mean is tested with their readers. */
class ConfigLoaderTest {
    private static final String ROUTE = "protocol = http, listen = \"a:1\", "
            + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"]";
    private static final String GOOD = "turnout.routes.shop { " + ROUTE + " }\n";

    @TempDir
    Path folder;

    private Loading loading() {
        return new Loading(folder);
    }

    private Problem problemOf(Path file) {
        ConfigResult result = ConfigLoader.load(file, Map.of());
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        List<Problem> problems = ((ConfigResult.Invalid) result).problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    @Test
    void aMissingFileIsAProblemUnderItsName() {
        Path file = folder.resolve("nowhere.conf");
        assertThat(problemOf(file)).isEqualTo(new Problem(file.toString(), 0, "file", "no such file",
                SourceText.ALLOWED, Optional.empty()));
    }

    @Test
    void aDirectoryIsAProblem() {
        assertThat(problemOf(folder).found()).isEqualTo("a directory");
    }

    @Test
    void aFileTooLargeIsAProblem() throws IOException {
        byte[] spaces = new byte[SourceText.MAX_BYTES + 1];
        Arrays.fill(spaces, (byte) ' ');
        assertThat(problemOf(Files.write(folder.resolve("large.conf"), spaces)).found())
                .isEqualTo("more than 16 MiB");
    }

    @Test
    void bytesThatAreNoTextAreAProblemAtTheirLine() throws IOException {
        byte[] bytes = (GOOD + "# \u00e9").getBytes(StandardCharsets.ISO_8859_1);
        Problem problem = problemOf(Files.write(folder.resolve("latin.conf"), bytes));

        assertThat(problem.found()).isEqualTo("bytes that are not UTF-8");
        assertThat(problem.line()).isEqualTo(2);
    }

    @Test
    void halfACharacterAtTheEndIsNoTextEither() throws IOException {
        byte[] bytes = (GOOD + "# é").getBytes(StandardCharsets.UTF_8);
        assertThat(problemOf(Files.write(folder.resolve("cut.conf"), Arrays.copyOf(bytes, bytes.length - 1)))
                .found())
                .isEqualTo("bytes that are not UTF-8");
    }

    @Test
    void aByteOrderMarkIsNoMatter() {
        assertThat(loading().load("\uFEFF" + GOOD)).isInstanceOf(ConfigResult.Valid.class);
    }

    @Test
    void problemsCarryTheFileAsItWasNamed() {
        assertThat(loading().problem(GOOD + "turnout.transport = x").file())
                .isEqualTo(folder.resolve(Loading.FILE).toString());
    }

    @Test
    void aRelativeStateDirectoryStartsAtTheFile() {
        assertThat(loading().valid(GOOD + "turnout.state-dir = \"a/../state\"").stateDir())
                .isEqualTo(folder.toAbsolutePath().resolve("state"));
    }

    @ParameterizedTest
    @CsvSource({"turnot,turnout", "Turnout,turnout", "turnouts,turnout"})
    void anotherKeyAtTheTopIsAProblem(String key, String meant) {
        Problem problem = loading().problem(key + ".routes.shop { " + ROUTE + " }");

        assertThat(problem.line()).isEqualTo(1);
        assertThat(problem.key()).isEqualTo(key);
        assertThat(problem.suggestion()).isEqualTo(Optional.of(meant));
    }

    @Test
    void problemsStandInTheOrderOfTheirLines() {
        assertThat(loading().places("""
                turnout {
                  transport = x
                  zebra = 1
                  event-loops = 0
                  routes.shop {
                    listen = "a:1"
                    green.endpoints = ["g:0"]
                    blue.endpoints = "b:1"
                    protocol = ftp
                  }
                  admin.listen = 5
                  cutovers { }
                }
                """)).containsExactly("2 turnout.transport", "3 turnout.zebra", "4 turnout.event-loops",
                "7 turnout.routes.shop.green.endpoints[0]", "8 turnout.routes.shop.blue.endpoints",
                "9 turnout.routes.shop.protocol", "11 turnout.admin.listen", "12 turnout.cutovers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "1|turnout = {|the end of the file, where something is still open",
        "3|turnout {/ a = 1/|the end of the file, where something is still open",
        "2|turnout {/ admin }/}|a key without a value",
        "3|turnout {/ routes {/ \"open/ }/}|a quoted text that does not end",
        "2|turnout {/ a = \"open/}|a quoted text that does not end",
        "3|turnout {/ a = \"\"\"open/}|a text in triple quotes that does not end",
        "2|turnout {/ a = \"b\tc\"/}|a control character in a quoted text",
        "2|turnout {/ a = \"\\x\"/}|a backslash that begins no escape",
        "2|turnout {/ a = ^/}|^ outside quotes",
        "2|turnout {/ a = 1 ? 2/}|? outside quotes",
        "2|turnout {/ a = $b/}|a $ outside quotes that begins no substitution",
        "2|turnout {/ a = a:80/}|a colon outside quotes",
        "2|turnout {/ = 1/}|something that is no key",
        "2|turnout {/ include more/}|an include without a file name in quotes",
        "2|turnout {}/}/}|a } that closes nothing",
        "1|[ a ]|a list around everything",
        "3|turnout {/ a = [1, 2/}|list should have had new element after a comma",
        "1|turnout..routes = 1|path has a leading",
        "2|turnout {/ a = {} \"text\"/}|cannot concatenate"})
    void whatDoesNotParseIsAProblemAtItsLine(int line, String text, String said) {
        Problem problem = loading().problem(text.replace('/', '\n'));

        assertThat(problem.found()).contains(said);
        assertThat(problem.line()).as(problem.toString()).isEqualTo(line);
    }

    @Test
    void anIncludedFileCountsAsIfItStoodThere() {
        loading().write("routes.conf", "shop { " + ROUTE + ", split.green = ${GREEN} }");

        assertThat(loading().with("GREEN", "7%").valid("turnout.routes { include \"routes.conf\" }").routes())
                .singleElement()
                .satisfies(route -> assertThat(route.split().green()).isEqualTo(new Share(70_000)));
    }

    @Test
    void problemsNameTheFileThatTheyAreIn() {
        Path included = loading().write("more.conf", "\n\nturnout.transport = x\n");
        List<Problem> problems = loading()
                .problems("include \"more.conf\"\n" + GOOD + "turnout.event-loops = 0");

        assertThat(problems).extracting(Problem::file)
                .containsExactly(folder.resolve(Loading.FILE).toString(), included.toString());
        assertThat(problems).extracting(Problem::line).containsExactly(3, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"include \"gone.conf\"|no such file",
        "include required(file(\"gone.conf\"))|no such file", "include file(\"gone.conf\")|no such file",
        "include \".\"|a directory", "include url(\"http://127.0.0.1:1/x.conf\")|a URL",
        "include classpath(\"reference.conf\")|the class path", "include \"turnout.conf\"|includes itself",
        "include \"a\\u0000b\"|not a path"})
    void anIncludeThatCannotBeReadIsAProblemAtItsLine(String include, String said) {
        Problem problem = loading().problem(GOOD + "# include \"gone.conf\"\n" + include + "\n");

        assertThat(problem.key()).isEqualTo("include");
        assertThat(problem.found()).contains(said);
        assertThat(problem.line()).isEqualTo(include.contains("u0000") ? 0 : 3);
    }

    @Test
    void everyMissingIncludeIsReported() {
        loading().write("middle.conf", "a {\ninclude \"three\"\n}");
        assertThat(loading()
                .problems("include \"one\"\ninclude \"two\"\ninclude \"one\"\ninclude \"middle.conf\"\n"
                        + GOOD))
                .extracting(problem -> Path.of(problem.file()).getFileName() + ":" + problem.line())
                .containsExactly("turnout.conf:1", "turnout.conf:2", "turnout.conf:3", "middle.conf:2");
    }

    @Test
    void aSyntaxErrorOfAnIncludedFileIsReportedThere() {
        Path included = loading().write("broken.conf", "\na = [");
        Problem problem = loading().problem("include \"broken.conf\"\n" + GOOD);

        assertThat(problem.file()).isEqualTo(included.toString());
        assertThat(problem.line()).isEqualTo(2);
    }

    @Test
    void includesMayNotBranchWithoutEnd() {
        loading().write("a0.conf", "");
        IntStream.rangeClosed(1, 15).forEach(i -> loading().write("a" + i + ".conf",
                "include \"a#.conf\"\n".repeat(2).replace("#", "" + (i - 1))));

        assertThat(loading().problems("include \"a15.conf\"\n" + GOOD)).extracting(Problem::found)
                .contains("too many files");
    }

    @Test
    void everySubstitutionWithoutAValueIsReported() {
        assertThat(loading().problems("""
                turnout {
                  state-dir = ${ONE}
                  transport = ${?TWO}
                  routes.shop {
                    protocol = http
                    listen = "0.0.0.0:"${THREE}
                    blue.endpoints = ["b:1", ${FOUR}]
                    green.endpoints = ${FIVE}
                    split = ${SIX} { green = 5% }
                    expose-target = maybe
                  }
                }
                """)).extracting(problem -> problem.line() + " " + problem.key() + " " + problem.found())
                .containsExactly("2 turnout.state-dir ${ONE}, which has no value",
                        "6 turnout.routes.shop.listen ${THREE}, which has no value",
                        "7 turnout.routes.shop.blue.endpoints[1] ${FOUR}, which has no value",
                        "8 turnout.routes.shop.green.endpoints ${FIVE}, which has no value",
                        "9 turnout.routes.shop.split ${SIX}, which has no value",
                        "10 turnout.routes.shop.expose-target \"maybe\"");
    }

    @Test
    void anElementWhoseVariableIsNotSetIsLeftOut() {
        String text = GOOD + "turnout.routes.shop.blue.endpoints = [${?ONE}, \"b:2\", ${?TWO}]";

        assertThat(loading().with("TWO", "b:3").valid(text).routes().getFirst().blue())
                .containsExactly(new Address("b", 2), new Address("b", 3));
        assertThat(loading().with("TWO", "b:0").problem(text).line()).isEqualTo(2);
    }

    @Test
    void aListLeftWithoutElementsIsAProblem() {
        assertThat(loading().problem(GOOD + "turnout.routes.shop.blue.endpoints = [${?ONE}]").found())
                .isEqualTo("an empty list");
    }

    @Test
    void whatTwoFilesMakeTogetherStandsInOneOfThem() {
        Path more = loading().write("more.conf", "turnout.routes.shop.split.green = 5%");
        Problem problem = loading().problem("turnout.routes.shop { listen = \"a:1\", protocol = http\n"
                + "blue.endpoints = [\"b:1\"] }\ninclude \"more.conf\"");

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.green.endpoints");
        assertThat(problem.file()).isEqualTo(more.toString());
        assertThat(problem.line()).isEqualTo(1);
    }

    @Test
    void substitutionsInACircleAreAProblem() {
        Problem problem = loading().problem(GOOD + "turnout.state-dir = ${turnout.transport}\n"
                + "turnout.transport = ${turnout.state-dir}\n");

        assertThat(problem.line()).isBetween(2, 3);
    }

    @Test
    void onlyThePassedInEnvironmentIsAsked() {
        System.setProperty("TURNOUT_TEST_PROPERTY", "nio");
        try {
            assertThat(loading().valid(GOOD + "turnout.transport = ${?TURNOUT_TEST_PROPERTY}\n"
                    + "turnout.state-dir = ${?PATH}").transport()).isEqualTo(Transport.AUTO);
            assertThat(loading().valid(GOOD + "turnout.state-dir = ${?PATH}").stateDir())
                    .isEqualTo(Path.of("/var/lib/turnout"));
        } finally {
            System.clearProperty("TURNOUT_TEST_PROPERTY");
        }
    }

    @Test
    void aVariableSetsNoKeyByItsNameAlone() {
        assertThat(loading().with("turnout", "x").valid(GOOD).routes()).hasSize(1);
        assertThat(loading().with("turnout", "x").problem("").key()).isEqualTo("turnout.routes");
    }

    @Test
    void aKeyThatIsWrittenTwiceHoldsItsLastValue() {
        assertThat(loading().valid(GOOD + "turnout.transport = nio\nturnout.transport = epoll").transport())
                .isEqualTo(Transport.EPOLL);
    }

    @Test
    void tenThousandRoutesLoad() {
        String routes = IntStream.range(0, 10_000)
                .mapToObj(i -> ("r# { protocol = http, listen = \"127.0.0.1:#\", blue.endpoints = [\"b:1\"], "
                        + "green.endpoints = [\"g:1\"] }").replace("#", "" + i))
                .collect(Collectors.joining("\n"));

        assertThat(
                loading().valid("turnout.admin.listen = \"[::1]:65000\"\nturnout.routes {\n" + routes + "\n}")
                        .routes())
                .hasSize(10_000);
    }
}
