package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.RequestMatch;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which condition a request meets, and what is read to know it. */
class FirstMatchTest {
    private static final RequestMatch DEMANDING = new RequestMatch(Set.of("GET"), List.of(),
            Optional.of("/never"), Map.of("h", "1"), Map.of("q", "1"), Map.of(), List.of());

    private final Scratch scratch = new Scratch(4096);

    private static FirstMatch of(List<RequestMatch> matches) {
        return new FirstMatch(matches.stream().map(Condition::of).toList());
    }

    private int find(RequestMatch match, FakeFacts facts) {
        return of(List.of(match)).find(facts, scratch);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20261120})
    void findsWhatTheConfigurationSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomRequests requests = new RandomRequests(random);
        int found = 0;
        for (int table = 0; table < 250; table++) {
            List<RequestMatch> matches = new ArrayList<>();
            for (int i = random.nextInt(200); i > 0; i--) {
                matches.add(requests.match());
            }
            matches.removeIf(match -> match.equals(RequestMatch.ANY) && random.nextInt(50) > 0);
            FirstMatch first = of(matches);
            for (int request = 0; request < 100; request++) {
                FakeFacts facts = requests.request();
                int expected = IntStream.range(0, matches.size())
                        .filter(i -> Naive.meets(matches.get(i), facts)).findFirst().orElse(FirstMatch.NONE);
                assertThat(first.find(facts, scratch))
                        .as("seed %s, table %s, request %s", seed, table, request)
                        .isEqualTo(expected);
                found += expected > 0 ? 1 : 0;
            }
        }
        assertThat(found).as("tables in which something is found behind the first").isGreaterThan(5_000);
    }

    @ParameterizedTest
    @CsvSource({"/api,/api,true", "/api,/api/,true", "/api,/api/x,true", "/api,/apis,false", "/api,/ap,false",
        "/api/,/api,true", "/api,/API,false", "/,/,true", "/,/x,true", "/,*,false", "/a/b,/a/b/c,true",
        "/a/b,/a,false", "/a,/%61,false", "/a,//a,false"})
    void aPathBeginsWithWholeSegments(String prefix, String path, boolean met) {
        assertThat(find(Routing.path(prefix), new FakeFacts().path(path)) == 0).isEqualTo(met);
    }

    @ParameterizedTest
    @CsvSource({"10.1.0.0/16,10.1.255.255,true", "10.1.0.0/16,10.2.0.0,false", "0.0.0.0/0,255.0.0.1,true",
        "0.0.0.0/0,::1,false", "10.0.0.7,10.0.0.7,true", "10.0.0.7,10.0.0.6,false", "::/0,1.2.3.4,false",
        "::/0,2001:db8::1,true", "2001:db8::/33,2001:db8:7fff::,true", "2001:db8::/33,2001:db8:8000::,false",
        "10.0.0.0/8,::ffff:10.1.2.3,true"})
    void aClientIsInARange(String range, String client, boolean met) {
        assertThat(find(Routing.client(range), new FakeFacts().client(client)) == 0).isEqualTo(met);
    }

    @Test
    void anEmptyValueIsNotAMissingOne() {
        assertThat(find(Routing.header("h", ""), new FakeFacts())).isEqualTo(FirstMatch.NONE);
        assertThat(find(Routing.header("h", ""), new FakeFacts().header("h", ""))).isZero();
    }

    @Test
    void conditionsThatAskNothingReadNothing() {
        FakeFacts facts = new FakeFacts();
        assertThat(of(List.of(RequestMatch.ANY, DEMANDING)).find(facts, scratch)).isZero();
        assertThat(facts.reads()).isZero();
    }

    @Test
    void aFactThatRulesOutAllReadsNoOther() {
        FakeFacts facts = new FakeFacts();
        assertThat(of(Collections.nCopies(1000, DEMANDING)).find(facts, scratch)).isEqualTo(FirstMatch.NONE);
        assertThat(facts.reads()).as("the method fits and is read, then the path, which nobody wants")
                .isEqualTo(2);
    }

    @Test
    void aFactIsReadOnceHoweverManyAskForIt() {
        List<RequestMatch> matches = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            matches.add(Routing.header("tenant", "t" + i));
        }
        FakeFacts facts = new FakeFacts().header("tenant", "t999");
        assertThat(of(matches).find(facts, scratch)).isEqualTo(999);
        assertThat(facts.reads()).isOne();
    }

    @Test
    void overridesAndRulesShareWhatTheyRead() {
        Split split = Routing.split(Share.NONE, Routing.ROUTE,
                List.of(Routing.forced("X-Canary", "1", Target.GREEN)),
                List.of(Routing.rule(Routing.header("x-canary", "2"), Target.GREEN)), Routing.NO_COHORT);
        FakeFacts facts = new FakeFacts().header("x-canary", "2");
        assertThat(Routing.decide(split, facts).rung()).isEqualTo(Rung.RULE);
        assertThat(facts.reads()).isOne();
    }
}
