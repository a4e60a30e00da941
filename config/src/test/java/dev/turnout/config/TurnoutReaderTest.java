package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnoutReaderTest {
    private static final String ROUTE = "turnout.routes.shop { protocol = http, listen = \"a:1\", "
            + "blue.endpoints = [\"b:1\"], green.endpoints = [\"g:1\"] }\n";

    @TempDir
    Path folder;

    private TurnoutConfig valid(String more) {
        return new Loading(folder).valid(ROUTE + more);
    }

    @Test
    void everyKeyIsReadIntoItsPlace() {
        AdminConfig admin = new AdminConfig(new Address("127.0.0.1", 9901),
                List.of(new TokenConfig("ops", Role.OPERATOR, new Secret("correct-horse"))));
        DnsConfig dns = new DnsConfig(List.of(new Address("10.0.0.53", 53), new Address("2001:db8::53", 53)),
                Duration.ofSeconds(1));
        SplitConfig split = new SplitConfig(new Share(50_000), "pepper",
                List.of(new ForcedSide(new RequestKey.Header("x-canary"), "always", Target.GREEN,
                        List.of(AddressRange.parse("10.0.0.0/8")), false)),
                List.of(new RuleConfig(
                        new RequestMatch(Set.of("GET"),
                                List.of(HostPattern.parse("shop.example"),
                                        HostPattern.parse("*.shop.example")),
                                Optional.of("/api/v2"), Map.of("shop", "fr"), Map.of("shop", "it"), Map.of(),
                                List.of(AddressRange.parse("10.0.0.0/8"),
                                        AddressRange.parse("2001:db8::/32"))),
                        new RuleConfig.Then.To(Target.BLUE), false)),
                Optional.of(new CohortConfig(new RequestKey.Cookie("uid"), false)), Optional.empty(),
                UnhealthyPolicy.SPILL);
        MatchConfig match = new MatchConfig(Optional.of(new HostPattern("shop.example", false)),
                Optional.of("/api"), Map.of("shop", "de"));
        HealthConfig health = new HealthConfig(HealthConfig.Check.HTTP, "/health", Duration.ofSeconds(1),
                Duration.ofMillis(500), 1, 2, Duration.ofSeconds(30),
                new EjectConfig(3, Duration.ofSeconds(5), new Share(250_000)));
        HeadersConfig headers = new HeadersConfig(false, true, false, false, true,
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8::/32")));
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30),
                Duration.ofSeconds(20), Duration.ofHours(2), Duration.ofSeconds(10));
        RouteConfig shop = new RouteConfig("shop", Protocol.HTTP, new Address("0.0.0.0", 8080), match,
                List.of(new Address("10.0.0.1", 8080)), List.of(new Address("10.0.1.1", 8080)), split, health,
                new HttpConfig(true, headers, timeouts,
                        new RouteLimits(OptionalLong.of(10 * 1024 * 1024), 1000)),
                Optional.empty());

        assertThat(new Loading(folder).valid(GoodFile.text())).isEqualTo(new TurnoutConfig(admin, dns,
                new MessageLimits(16 * 1024, 1024, 64), Path.of("/var/lib/turnout"), Duration.ofMinutes(1),
                Optional.of("/var/log/turnout.log"), Transport.NIO, 2, List.of(database(), shop)));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static Optional<Secret> secret(String text) {
        return Optional.of(new Secret(text));
    }

    private RouteConfig database() {
        RequestMatch reports = new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(), Map.of(),
                Map.of("user", List.of("report"), "database", List.of("shop", "stock"), "application_name",
                        List.of("psql"), "shop", List.of("de")),
                List.of(AddressRange.parse("10.0.0.0/8")));
        SplitConfig split = new SplitConfig(new Share(100_000), "db",
                List.of(new ForcedSide(new RequestKey.Startup("turnout.target"), "green", Target.GREEN,
                        List.of(AddressRange.parse("10.0.0.0/8")), true)),
                List.of(new RuleConfig(reports, new RuleConfig.Then.Weight(), true)),
                Optional.of(new CohortConfig(new RequestKey.Startup("user"), false)),
                Optional.of(Target.BLUE),
                UnhealthyPolicy.FAIL);
        PostgresAuth auth = new PostgresAuth(PostgresAuth.Mode.USERS,
                Optional.of(new PostgresAuth.Query("turnout", secret("look-up"),
                        "SELECT * FROM verifier($1)", Optional.of("postgres"))),
                List.of(new PostgresAuth.User("app", new Secret("hunter2")),
                        new PostgresAuth.User("report", new Secret("tuesday"))),
                Map.of("shop", "app"));
        TlsServerConfig tls = new TlsServerConfig(file("server.crt"), file("server.key"), secret("alohomora"),
                Optional.of(file("clients.crt")), true, true);
        Map<Target, TlsClientConfig> sides = Map.of(Target.BLUE,
                new TlsClientConfig(TlsMode.VERIFY_FULL, Optional.of(file("blue-ca.crt")),
                        Optional.of(file("proxy.crt")), Optional.of(file("proxy.key")),
                        secret("open-sesame")),
                Target.GREEN,
                new TlsClientConfig(TlsMode.VERIFY_CA, Optional.of(file("green-ca.crt")),
                        Optional.of(Path.of("/etc/proxy.crt")), Optional.of(Path.of("/etc/proxy.key")),
                        secret("sesame-open")));
        RouteConfig left = new Loading(folder).valid(Shop.database("")).routes().getFirst();
        Timeouts timeouts = left.http().timeouts();
        HttpConfig http = new HttpConfig(false, left.http().headers(),
                new Timeouts(Duration.ofSeconds(1), timeouts.head(), timeouts.idle(), timeouts.request(),
                        timeouts.tunnel(), timeouts.pool()),
                new RouteLimits(OptionalLong.empty(), 500));
        return new RouteConfig("db", Protocol.POSTGRESQL, new Address("0.0.0.0", 6432), MatchConfig.ANY,
                List.of(new Address("10.0.0.9", 5432)), List.of(new Address("10.0.1.9", 5432)), split,
                left.health(), http,
                Optional.of(new PostgresConfig(DataKind.REPLICATED, auth, Optional.of(tls), sides,
                        Duration.ofSeconds(1), Duration.ofSeconds(5), 500, 50,
                        Optional.of(Duration.ofMillis(500)))));
    }

    @ParameterizedTest
    @CsvSource({"2KiB,2048", "15KiB,15360", "16KiB,16384", "32KiB,16384", "256KiB,16384"})
    void theDefaultOfTheTargetGivesWayToASmallerHead(String head, int target) {
        assertThat(valid("turnout.limits.head = " + head).limits().targetBytes()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"2KiB,2049B", "4KiB,5KiB", "1KiB,256KiB"})
    void aTargetThatIsWrittenMayNotBeLargerThanTheHead(String head, String target) {
        Problem problem = new Loading(folder)
                .problem(ROUTE + "turnout.limits {\nhead = " + head + "\ntarget = "
                        + target + "\n}");

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.key()).isEqualTo("turnout.limits.target");
        assertThat(problem.found()).contains(target, "head");
    }

    @Test
    void aTargetMayBeAsLargeAsTheHead() {
        assertThat(valid("turnout.limits { head = 4KiB, target = 4096B }").limits())
                .isEqualTo(new MessageLimits(4096, 4096, 100));
    }

    @Test
    void withoutNameServersTheSystemsAreAsked() {
        assertThat(valid("turnout.dns.servers = []").dns().servers()).isEmpty();
        assertThat(valid("turnout.dns.servers = [${?UNSET}]").dns().servers()).isEmpty();
    }

    @Test
    void aRelativeAccessLogStartsAtTheFile() {
        assertThat(valid("turnout.access-log = \"../logs/access.log\"").accessLog())
                .hasValue(folder.toAbsolutePath().resolveSibling("logs/access.log").toString());
    }

    @ParameterizedTest
    @CsvSource({"\"-\"", "-"})
    void aHyphenIsStandardOutput(String written) {
        assertThat(valid("turnout.access-log = " + written).accessLog()).hasValue("-");
    }

    @Test
    void shuttingDownMayBeImmediate() {
        assertThat(valid("turnout.shutdown-timeout = 0s").shutdownTimeout()).isZero();
    }
}
