package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the sample in the design's contract this version loads. */
class SampleTest {
    @TempDir
    Path folder;

    @Test
    void everythingThatIsNotYetHereIsReportedOnceWithItsLine() throws IOException {
        List<Problem> problems = new Loading(folder).problems(sample());

        assertThat(problems).extracting(problem -> problem.line() + " " + problem.key()).containsExactly(
                "15 turnout.routes.shop.shadow",
                "29 turnout.cutovers",
                "36 turnout.rollouts");
        assertThat(problems).extracting(Problem::found).allMatch(found -> found.contains(NotYet.FOUND));
    }

    @Test
    void withoutThatItLoads() throws IOException {
        String[] lines = sample().lines().toArray(String[]::new);
        StringBuilder here = new StringBuilder();
        for (int line = 1; line <= lines.length; line++) {
            boolean later = line == 15 || (line >= 29 && line <= 36);
            here.append(later ? "" : lines[line - 1]).append('\n');
        }

        TurnoutConfig config = new Loading(folder,
                Map.of("TURNOUT_TOKEN", "correct-horse", "APP_PASSWORD", "hunter2"))
                .valid(here.toString());

        assertThat(config.stateDir()).isEqualTo(Path.of("/var/lib/turnout"));
        assertThat(config.admin()).isEqualTo(new AdminConfig(new Address("127.0.0.1", 9901),
                List.of(new TokenConfig("ops", Role.OPERATOR, new Secret("correct-horse")))));
        assertThat(config.routes()).extracting(RouteConfig::name).containsExactly("shop", "shop-db");
        RouteConfig shop = config.routes().getFirst();
        assertThat(shop.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(shop.listen()).isEqualTo(new Address("0.0.0.0", 8080));
        assertThat(shop.blue())
                .containsExactly(new Address("10.0.0.1", 8080), new Address("10.0.0.2", 8080));
        assertThat(shop.green()).containsExactly(new Address("10.0.1.1", 8080));
        assertThat(shop.split()).isEqualTo(new SplitConfig(new Share(50_000), "shop",
                List.of(new ForcedSide(new RequestKey.Header("x-canary"), "always", Target.GREEN, List.of(),
                        false)),
                List.of(), Optional.of(new CohortConfig(new RequestKey.Cookie("uid"), true)),
                Optional.empty(),
                UnhealthyPolicy.FAIL));
        assertDatabase(config.routes().getLast(), folder);
    }

    private static void assertDatabase(RouteConfig database, Path folder) {
        assertThat(database.protocol()).isEqualTo(Protocol.POSTGRESQL);
        assertThat(database.listen()).isEqualTo(new Address("0.0.0.0", 6432));
        assertThat(database.split()).isEqualTo(new SplitConfig(Share.NONE, "shop-db", List.of(), List.of(),
                Optional.empty(), Optional.of(Target.BLUE), UnhealthyPolicy.FAIL));
        assertThat(database.postgres()).contains(new PostgresConfig(DataKind.REPLICATED,
                new PostgresAuth(PostgresAuth.Mode.USERS, Optional.empty(),
                        List.of(new PostgresAuth.User("app", new Secret("hunter2"))), Map.of()),
                Optional.of(new TlsServerConfig(folder.resolve("server.crt"), folder.resolve("server.key"),
                        Optional.empty(), Optional.empty(), false, false)),
                Map.of(Target.BLUE, TlsClientConfig.DEFAULT, Target.GREEN, TlsClientConfig.DEFAULT),
                Duration.ofSeconds(2), Duration.ofSeconds(10), 20_000, 1000, Optional.empty()));
    }

    private static String sample() throws IOException {
        try (InputStream resource = SampleTest.class.getResourceAsStream("/sample.conf")) {
            assertThat(resource).isNotNull();
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
