package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.EndpointKey;
import dev.turnout.config.Address;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.control.EndpointOverride.Value;
import dev.turnout.proxy.testkit.Configs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntentTest {
    private static final List<Address> ADDRESSES = List.of(new Address("a", 1), new Address("b", 1),
            new Address("c", 1));
    @SuppressWarnings("NullAway.Init") // by load()
    private static RouteConfig shop;

    @BeforeAll
    static void load(@TempDir Path folder) {
        shop = Configs.load(folder, "turnout.routes.shop { protocol = http, listen = \"127.0.0.1:0\", "
                + "blue.endpoints = [\"a:1\", \"b:1\"], green.endpoints = [\"b:1\"] }").routes().getFirst();
    }

    private static Intent after(List<RuntimeChange> changes) {
        Intent intent = Intent.of(List.of(shop));
        for (RuntimeChange change : changes) {
            intent = intent.with(change);
        }
        return intent;
    }

    private static <E> E any(Random random, List<E> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static RuntimeChange change(Random random, long version) {
        String route = any(random, List.of("shop", "gone"));
        Stamp stamp = new Stamp(version, Instant.EPOCH, "ann", Optional.of("why " + version),
                Optional.empty());
        if (random.nextInt(5) == 0) {
            return new FileChange(List.of(route), stamp);
        }
        if (random.nextBoolean()) {
            Optional<Share> green = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new Share(random.nextInt(1000)));
            return new SplitOverride(route, green,
                    green.isPresent() && random.nextBoolean() ? Optional.of(Target.BLUE) : Optional.empty(),
                    Optional.of(new Share(50_000)), stamp);
        }
        EndpointKey endpoint = new EndpointKey(route, any(random, List.of(Target.values())),
                any(random, ADDRESSES));
        return new EndpointOverride(endpoint, any(random, List.of(Value.values())), stamp);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theFewestChangesLeadWhereAllOfThemLed(long seed) {
        Random random = new Random(seed);
        List<RuntimeChange> history = new ArrayList<>();
        for (long version = 1; version <= 40; version++) {
            history.add(change(random, version));
            Intent all = after(history);
            Intent fewest = after(all.changes());
            assertThat(fewest.runtime()).isEqualTo(all.runtime());
            assertThat(fewest.snapshot().version()).isEqualTo(version).isEqualTo(all.snapshot().version());
            assertThat(fewest.effective("shop").version())
                    .isEqualTo(all.effective("shop").version());
            assertThat(fewest.effective("shop").split().green())
                    .isEqualTo(all.effective("shop").split().green());
            for (Target target : Target.values()) {
                assertThat(fewest.side("shop", target).endpoints().entrySet())
                        .containsExactlyElementsOf(all.side("shop", target).endpoints().entrySet());
            }
        }
    }
}
