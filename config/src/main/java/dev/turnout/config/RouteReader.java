package dev.turnout.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the sections {@code turnout.routes.<name>}. */
final class RouteReader {
    private static final Kind<DataKind> DATA = Kind.choice(DataKind.class, DataKind::label);

    private final Problems problems;
    private final Listeners listeners;
    private final Circles circles;
    private final Path file;

    /**
     * Reads routes.
     *
     * @param file the configuration file, which relative paths start at
     */
    RouteReader(Problems problems, Listeners listeners, Circles circles, Path file) {
        this.problems = problems;
        this.listeners = listeners;
        this.circles = circles;
        this.file = file;
    }

    Supplier<RouteConfig> read(String name, Section route) {
        if (Kinds.ROUTE_NAME.fit(name).isEmpty()) {
            problems.error(route.spot(), "the name " + Shown.text(name), Kinds.ROUTE_NAME.allowed());
        }
        Read<Protocol> protocol = route.read("protocol", Kinds.PROTOCOL);
        protocol.value().ifPresent(route::speaks);
        Read<Address> listen = route.read("listen", Kinds.LISTEN);
        Read<MatchConfig> match = new MatchReader(problems).match(route.section("match"));
        Sharer sharer = new Sharer(route.member("listen"), route.member("match"), match);
        listen.value().ifPresent(address -> listens(sharer, address, protocol));
        Read<List<Address>> blue = endpoints(route.section("blue"));
        Read<List<Address>> green = endpoints(route.section("green"));
        Read<DataKind> data = route.read("data", DATA);
        boolean postgres = protocol.value().equals(Optional.of(Protocol.POSTGRESQL));
        boolean oneWriter = postgres && data.value().equals(Optional.of(DataKind.REPLICATED));
        Supplier<SplitConfig> split = new SplitReader(problems, oneWriter).read(name, route);
        Supplier<HealthConfig> health = new HealthReader(problems).read(route.section("health"), protocol);
        Supplier<HttpConfig> http = HttpReader.read(route);
        Supplier<Optional<PostgresConfig>> sessions = postgres
                ? new PostgresReader(problems, file).read(route, data, listen, http)
                : Optional::empty;
        return () -> new RouteConfig(name, protocol.get(), listen.get(), match.get(), blue.get(),
                green.get(), split.get(), health.get(), http.get(), sessions.get());
    }

    private void listens(Sharer sharer, Address address, Read<Protocol> protocol) {
        if (protocol.value().equals(Optional.of(Protocol.HTTP))) {
            listeners.share(sharer, address);
        } else {
            listeners.add(sharer.listen(), address);
        }
        protocol.value().ifPresent(_ -> circles.listens(sharer.listen(), address));
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
