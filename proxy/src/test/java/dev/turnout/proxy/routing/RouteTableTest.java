package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.HostPattern;
import dev.turnout.config.MatchConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several routes on one listener has a request. */
class RouteTableTest {
    private final Scratch scratch = new Scratch(4096);

    private static MatchConfig match(String host, String prefix, Map<String, String> headers) {
        Optional<HostPattern> pattern = Optional.of(host).filter(text -> !text.isEmpty())
                .map(text -> text.startsWith("*.")
                        ? new HostPattern(text.substring(2), true)
                        : new HostPattern(text, false));
        return new MatchConfig(pattern, Optional.of(prefix).filter(text -> !text.isEmpty()), headers);
    }

    private static RouteTable.Entry<String> entry(String host, String prefix, String route) {
        return new RouteTable.Entry<>(match(host, prefix, Map.of()), route);
    }

    private static List<RouteTable.Entry<String>> shop() {
        return List.of(entry("", "", "rest"), entry("", "/api", "api"),
                entry("*.shop.example", "", "tenants"),
                entry("*.eu.shop.example", "/api", "eu-api"), entry("a.eu.shop.example", "/api/v2", "a-v2"),
                new RouteTable.Entry<>(match("", "/api", Map.of("x-team", "red")), "red-api"),
                new RouteTable.Entry<>(match("", "/api", Map.of("x-team", "red", "x-beta", "1")),
                        "red-beta"));
    }

    @ParameterizedTest(name = "{0}{1} is {2}")
    @CsvSource({"other.example,/,rest", "other.example,/api/x,api", "shop.example,/,rest",
        "b.shop.example,/,tenants",
        "b.shop.example,/api,tenants", "b.eu.shop.example,/api,eu-api", "b.eu.shop.example,/,tenants",
        "a.eu.shop.example,/api/v2/x,a-v2", "a.eu.shop.example,/api/v1,eu-api",
        "a.eu.shop.example,/,tenants"})
    void theMostSpecificOneHasARequest(String host, String path, String route) {
        List<RouteTable.Entry<String>> entries = new ArrayList<>(shop());
        for (int turn = 0; turn < entries.size(); turn++) {
            Collections.rotate(entries, 1);
            assertThat(RouteTable.of(entries).find(new FakeFacts().host(host).path(path), scratch))
                    .isEqualTo(route);
        }
    }

    @Test
    void moreHeadersAreMoreSpecific() {
        RouteTable<String> table = RouteTable.of(shop());
        FakeFacts facts = new FakeFacts().path("/api").header("x-team", "red");
        assertThat(table.find(facts, scratch)).isEqualTo("red-api");
        assertThat(table.find(facts.header("x-beta", "1"), scratch)).isEqualTo("red-beta");
    }

    @Test
    void nobodyHasWhatNobodyAsksFor() {
        RouteTable<String> table = RouteTable.of(List.of(entry("a.example", "/api", "api")));
        assertThat(table.find(new FakeFacts().host("a.example").path("/"), scratch)).isNull();
    }

    @Test
    void theLeastSpecificOneLeads() {
        assertThat(RouteTable.of(shop()).lead()).isEqualTo("rest");
    }

    @Test
    void aRouteByItselfReadsNothing() {
        FakeFacts facts = new FakeFacts();
        assertThat(RouteTable.of(List.of(entry("", "", "only"))).find(facts, scratch)).isEqualTo("only");
        assertThat(facts.reads()).isZero();
    }

    @Test
    void aThousandHostsTakeOneLook() {
        List<RouteTable.Entry<String>> entries = new ArrayList<>(List.of(entry("", "", "rest")));
        for (int i = 0; i < 1000; i++) {
            entries.add(entry("host-" + i + ".example", "", "route-" + i));
        }
        RouteTable<String> table = RouteTable.of(entries);
        for (int i = 0; i < 1000; i++) {
            FakeFacts facts = new FakeFacts().host("host-" + i + ".example");
            assertThat(table.find(facts, scratch)).isEqualTo("route-" + i);
            assertThat(facts.reads()).isOne();
        }
    }

    @Test
    void aTableOfNothingIsRefused() {
        assertThatThrownBy(() -> RouteTable.of(List.of())).hasMessageContaining("expected: at least 1");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20261120})
    void findsWhatTheConfigurationSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomRequests requests = new RandomRequests(random);
        int found = 0;
        for (int table = 0; table < 250; table++) {
            List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
            for (int i = random.nextInt(1, 300); i > 0; i--) {
                entries.add(new RouteTable.Entry<>(
                        new MatchConfig(requests.pattern(), requests.prefix(), requests.headers()), i));
            }
            RouteTable<Integer> routes = RouteTable.of(entries);
            for (int request = 0; request < 100; request++) {
                FakeFacts facts = requests.request();
                @Nullable
                Integer expected = Naive.find(entries, facts);
                assertThat(routes.find(facts, scratch))
                        .as("seed %s, table %s, request %s", seed, table, request).isEqualTo(expected);
                found += expected == null ? 0 : 1;
            }
        }
        assertThat(found).isBetween(5_000, 24_900);
    }
}
