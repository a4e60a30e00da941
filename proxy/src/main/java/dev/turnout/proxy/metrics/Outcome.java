package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How a request ended, for counting: the class of the endpoint's status, or the reason code of the proxy's own answer. */
public final class Outcome {
    private static final int CLASSES = 5;
    private static final List<Outcome> BY_STATUS = IntStream.range(0, CLASSES)
            .mapToObj(index -> new Outcome(index, index + 1 + "xx", false))
            .toList();
    private static final Map<Kind, Outcome> BY_KIND = byKind();
    private static final List<Outcome> ALL = Stream.concat(BY_STATUS.stream(), BY_KIND.values().stream())
            .toList();

    private final int index;
    private final String label;
    private final boolean failure;

    private Outcome(int index, String label, boolean failure) {
        this.index = index;
        this.label = label;
        this.failure = failure;
    }

    private static Map<Kind, Outcome> byKind() {
        Map<Kind, Outcome> outcomes = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            outcomes.put(kind, new Outcome(CLASSES + outcomes.size(), kind.code(), kind.ofEndpoint()));
        }
        return outcomes;
    }

    /** The endpoint answered with this status, 100..599. */
    public static Outcome ofStatus(int status) {
        return BY_STATUS.get(status / 100 - 1);
    }

    /** The proxy ended the request for this reason. */
    public static Outcome of(Kind kind) {
        return Objects.requireNonNull(BY_KIND.get(kind));
    }

    /** Every one, in the order of their indexes. */
    public static List<Outcome> values() {
        return ALL;
    }

    /** Whether an endpoint answered, so that it is a class of status. */
    boolean answered() {
        return index < CLASSES;
    }

    int index() {
        return index;
    }

    /** The value of the label {@code outcome}: {@code 2xx}, {@code upstream_connect}. */
    public String label() {
        return label;
    }

    /** Whether the side failed to answer, so that the proxy had to. */
    public boolean failure() {
        return failure;
    }

    /** Whether the side did not do its work: it failed to answer, or answered 5xx. */
    boolean error() {
        return failure || index == CLASSES - 1;
    }
}
