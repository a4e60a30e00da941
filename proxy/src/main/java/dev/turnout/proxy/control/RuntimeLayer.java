package dev.turnout.proxy.control;

import dev.turnout.admin.EndpointKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What operators decided over the file about one route, and still counts. Immutable.
 *
 * @param split empty: as the file has it
 * @param endpoints none of them {@link EndpointOverride.Value#FILE}
 * @param newest the last change, also when it went back to the file: the route's version is this one's
 */
record RuntimeLayer(
        Optional<SplitOverride> split,
        Map<EndpointKey, EndpointOverride> endpoints,
        Optional<RuntimeChange> newest) {
    static final RuntimeLayer NONE = new RuntimeLayer(Optional.empty(), Map.of(), Optional.empty());

    RuntimeLayer {
        endpoints = Map.copyOf(endpoints);
    }

    RuntimeLayer with(RuntimeChange change) {
        return switch (change) {
            case SplitOverride next ->
                new RuntimeLayer(Optional.of(next).filter(set -> set.green().isPresent()),
                        endpoints, Optional.of(change));
            case EndpointOverride next -> new RuntimeLayer(split, with(next), Optional.of(change));
            case FileChange _ -> new RuntimeLayer(split, endpoints, Optional.of(change));
            case Repetition _ -> this;
        };
    }

    private Map<EndpointKey, EndpointOverride> with(EndpointOverride change) {
        Map<EndpointKey, EndpointOverride> next = new HashMap<>(endpoints);
        if (change.value() == EndpointOverride.Value.FILE) {
            next.remove(change.endpoint());
        } else {
            next.put(change.endpoint(), change);
        }
        return next;
    }

    /** The version of the route; 0: as the file had it at the first start. */
    long version() {
        return newest.map(RuntimeChange::version).orElse(0L);
    }

    /** The fewest changes that lead here; some may be another route's as well. */
    Stream<RuntimeChange> changes() {
        return Stream.of(split.stream(), endpoints.values().stream(), newest.stream())
                .<RuntimeChange>flatMap(changes -> changes);
    }
}
