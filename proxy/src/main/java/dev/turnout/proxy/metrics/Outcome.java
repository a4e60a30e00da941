package dev.turnout.proxy.metrics;

import dev.turnout.proxy.failure.Kind;
import java.util.ArrayList;
import java.util.List;

/** How a request ended, for counting: the class of the endpoint's status, or the reason code of the proxy's own answer. */
public final class Outcome {
    private static final int CLASSES = 5;
    private static final List<Outcome> ALL = all();

    private final int index;
    private final String label;
    private final boolean failure;

    private Outcome(int index, String label, boolean failure) {
        this.index = index;
        this.label = label;
        this.failure = failure;
    }

    private static List<Outcome> all() {
        List<Outcome> all = new ArrayList<>();
        for (int hundreds = 1; hundreds <= CLASSES; hundreds++) {
            all.add(new Outcome(all.size(), hundreds + "xx", false));
        }
        for (Kind kind : Kind.values()) {
            all.add(new Outcome(all.size(), kind.code(), true));
        }
        return List.copyOf(all);
    }

    /** @param status 100..599 */
    public static Outcome ofStatus(int status) {
        return ALL.get(status / 100 - 1);
    }

    public static Outcome of(Kind kind) {
        return ALL.get(CLASSES + kind.ordinal());
    }

    /** Every one, in the order of their indexes. */
    public static List<Outcome> values() {
        return ALL;
    }

    int index() {
        return index;
    }

    /** The value of the label {@code outcome}: {@code 2xx}, {@code upstream_connect}. */
    public String label() {
        return label;
    }

    /** Whether the proxy ended the request, not the endpoint. */
    public boolean failure() {
        return failure;
    }
}
