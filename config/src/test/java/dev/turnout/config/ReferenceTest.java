package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code reference.conf} says all that the loader does, and nothing else. */
class ReferenceTest {
    private static final String MINIMAL = """
            turnout.routes.shop {
              protocol = http, listen = "a:1", blue.endpoints = ["b:1"], green.endpoints = ["g:1"]
            }
            """;

    @TempDir
    Path folder;

    static Stream<String> documented() {
        return DocumentedKeys.all().keySet().stream();
    }

    @Test
    void everyDocumentedKeyLoads() {
        Set<String> loaded = new TreeSet<>();
        for (String key : DocumentedKeys.all().keySet()) {
            String text = String.join("\n", GoodFile.with(key).lines());
            new Loading(folder).valid(text);
            DocumentedKeys.in(ConfigFactory.parseString(text).root()).keySet()
                    .forEach(found -> loaded.add(found.replaceAll("\\.(shop|db)(?=\\.|$)", ".<name>")));
        }
        assertThat(loaded).isEqualTo(DocumentedKeys.all().keySet());
    }

    @Test
    void theLoaderCannotReadAKeyThatIsNotDocumented() {
        Sources sources = new Sources();
        Spot empty = new Spot(sources, "", null, null, new Place(Loading.FILE, 0));
        Section root = Section.root(new Problems(sources), empty);

        assertThatIllegalStateException()
                .isThrownBy(() -> root.section("turnout").read("undocumented", Kinds.FLAG));
        assertThatIllegalStateException()
                .isThrownBy(() -> root.section("turnout").readIfSet("other", Kinds.FLAG));
        assertThatIllegalStateException()
                .isThrownBy(() -> root.section("turnout").readList("more", Kinds.FLAG));
        assertThatIllegalStateException().isThrownBy(() -> root.section("undocumented"));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void everyKeyIsExplained(String key) {
        ConfigValue value = Objects.requireNonNull(DocumentedKeys.all().get(key));
        String comment = String.join(" ", value.origin().comments());

        assertThat(comment).as(key).isNotBlank();
        if (value.valueType() == ConfigValueType.NULL) {
            assertThat(comment).as(key + " has no default here").containsAnyOf("Required", "required",
                    "Default", "ignored");
        }
    }

    @Test
    void theCommentsNameEveryChoice() {
        assertThat(comment("turnout.transport")).contains(labels(Transport.values(), Transport::label));
        assertThat(comment("turnout.admin.tokens[].role")).contains(labels(Role.values(), Role::label));
        assertThat(comment("turnout.routes.<name>.protocol"))
                .contains(labels(Protocol.values(), Protocol::label));
        assertThat(comment("turnout.routes.<name>.split.overrides[].to"))
                .contains(labels(Target.values(), Target::label));
        assertThat(comment("turnout.routes.<name>.split.rules[].to"))
                .contains(labels(Target.values(), Target::label));
        assertThat(comment("turnout.routes.<name>.split.unhealthy"))
                .contains(labels(UnhealthyPolicy.values(), UnhealthyPolicy::label));
        assertThat(comment("turnout.routes.<name>.health.check"))
                .contains(labels(HealthConfig.Check.values(), HealthConfig.Check::label));
    }

    @Test
    void whatIsLeftOutHasTheDocumentedDefault() {
        TurnoutConfig config = new Loading(folder).valid(MINIMAL);

        assertThat(config.admin()).isEqualTo(new AdminConfig(new Address("127.0.0.1", 9901), List.of()));
        assertThat(config.stateDir()).isEqualTo(Path.of("/var/lib/turnout"));
        assertThat(config.dns()).isEqualTo(new DnsConfig(List.of(), Duration.ofSeconds(2)));
        assertThat(config.limits()).isEqualTo(new MessageLimits(32 * 1024, 16 * 1024, 100));
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.accessLog()).isEmpty();
        assertThat(config.transport()).isEqualTo(Transport.AUTO);
        assertThat(config.eventLoops()).isEqualTo(Math.min(256, Runtime.getRuntime().availableProcessors()));
        assertThat(config.routes())
                .containsExactly(new RouteConfig("shop", Protocol.HTTP, new Address("a", 1),
                        MatchConfig.ANY, List.of(new Address("b", 1)), List.of(new Address("g", 1)),
                        new SplitConfig(Share.NONE, "shop", List.of(), List.of(), Optional.empty(),
                                Optional.empty(),
                                UnhealthyPolicy.FAIL),
                        new HealthConfig(HealthConfig.Check.NONE, "/", Duration.ofSeconds(5),
                                Duration.ofSeconds(2), 2, 3, Duration.ZERO,
                                new EjectConfig(5, Duration.ofSeconds(10), new Share(500_000))),
                        new HttpConfig(false,
                                new HeadersConfig(true, false, true, true, false,
                                        List.of(AddressRange.parse("127.0.0.0/8"),
                                                AddressRange.parse("::1/128"))),
                                new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10),
                                        Duration.ofSeconds(60), Duration.ofSeconds(60),
                                        Duration.ofHours(1), Duration.ofSeconds(30)),
                                new RouteLimits(OptionalLong.empty(), 20_000)),
                        Optional.empty()));
    }

    private static String comment(String key) {
        return String.join(" ", Objects.requireNonNull(DocumentedKeys.all().get(key)).origin().comments());
    }

    private static <T> List<String> labels(T[] values, Function<T, String> label) {
        return Arrays.stream(values).map(label).collect(Collectors.toList());
    }
}
