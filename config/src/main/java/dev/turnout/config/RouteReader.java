package dev.turnout.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the sections {@code turnout.routes.<name>}. */
final class RouteReader {
    private static final Kind<Duration> CONNECT_TIMEOUT = Kinds.duration(Duration.ofMillis(1),
            Duration.ofSeconds(60), "1ms to 60s");

    private final Problems problems;
    private final Listeners listeners;

    RouteReader(Problems problems, Listeners listeners) {
        this.problems = problems;
        this.listeners = listeners;
    }

    Supplier<RouteConfig> read(String name, Section route) {
        if (Kinds.ROUTE_NAME.fit(name).isEmpty()) {
            problems.error(route.spot(), "the name " + Shown.text(name), Kinds.ROUTE_NAME.allowed());
        }
        Read<Protocol> protocol = route.read("protocol", Kinds.PROTOCOL);
        Read<Address> listen = route.read("listen", Kinds.LISTEN);
        listen.value().ifPresent(address -> listeners.add(route.member("listen"), address));
        Read<List<Address>> blue = endpoints(route.section("blue"));
        Read<List<Address>> green = endpoints(route.section("green"));
        Supplier<SplitConfig> split = new SplitReader(problems).read(name, route.section("split"));
        Read<Boolean> exposeTarget = route.read("expose-target", Kinds.FLAG);
        Read<Duration> connectTimeout = route.read("connect-timeout", CONNECT_TIMEOUT);
        return () -> new RouteConfig(name, protocol.get(), listen.get(), blue.get(), green.get(), split.get(),
                exposeTarget.get(), connectTimeout.get());
    }

    private Read<List<Address>> endpoints(Section side) {
        List<Section.Item<Address>> items = side.readList("endpoints", Kinds.ENDPOINT);
        Set<Address> seen = new HashSet<>();
        for (Section.Item<Address> item : items) {
            item.read().value().filter(address -> !seen.add(address)).ifPresent(address -> problems.error(
                    item.spot(), Shown.text(address.toString()) + " a second time", "each address once"));
        }
        return Read.all(items.stream().map(Section.Item::read).toList());
    }
}
