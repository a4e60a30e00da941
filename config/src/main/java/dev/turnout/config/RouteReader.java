package dev.turnout.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the sections {@code turnout.routes.<name>}. */
final class RouteReader {
    private final Problems problems;
    private final Listeners listeners;
    private final Circles circles;

    RouteReader(Problems problems, Listeners listeners, Circles circles) {
        this.problems = problems;
        this.listeners = listeners;
        this.circles = circles;
    }

    Supplier<RouteConfig> read(String name, Section route) {
        if (Kinds.ROUTE_NAME.fit(name).isEmpty()) {
            problems.error(route.spot(), "the name " + Shown.text(name), Kinds.ROUTE_NAME.allowed());
        }
        Read<Protocol> protocol = route.read("protocol", Kinds.PROTOCOL);
        Read<Address> listen = route.read("listen", Kinds.LISTEN);
        Read<MatchConfig> match = new MatchReader(problems).match(route.section("match"));
        Sharer sharer = new Sharer(route.member("listen"), route.member("match"), match);
        listen.value().ifPresent(address -> listens(sharer, address, protocol));
        Read<List<Address>> blue = endpoints(route.section("blue"));
        Read<List<Address>> green = endpoints(route.section("green"));
        Supplier<SplitConfig> split = new SplitReader(problems).read(name, route);
        Supplier<HealthConfig> health = HealthReader.read(route.section("health"));
        Supplier<HttpConfig> http = HttpReader.read(route);
        return () -> new RouteConfig(name, protocol.get(), listen.get(), match.get(), blue.get(),
                green.get(), split.get(), health.get(), http.get());
    }

    private void listens(Sharer sharer, Address address, Read<Protocol> protocol) {
        if (protocol.value().filter(spoken -> spoken == Protocol.HTTP).isPresent()) {
            listeners.share(sharer, address);
            circles.listens(sharer.listen(), address);
        } else {
            listeners.add(sharer.listen(), address);
        }
    }

    private Read<List<Address>> endpoints(Section side) {
        List<Section.Item<Address>> items = side.readList("endpoints", Kinds.ENDPOINT);
        Set<Address> seen = new HashSet<>();
        for (Section.Item<Address> item : items) {
            item.read().value().ifPresent(address -> circles.endpoint(item.spot(), address));
            item.read().value().filter(address -> !seen.add(address)).ifPresent(address -> problems.error(
                    item.spot(), Shown.text(address.toString()) + " a second time", "each address once"));
        }
        return Read.all(items.stream().map(Section.Item::read).toList());
    }
}
