package dev.turnout.config;

import java.util.function.Supplier;

/** Reads the section {@code turnout.limits}. */
final class LimitsReader {
    private static final int KIB = 1024;
    private static final Kind<Integer> HEAD = Kinds.size(KIB, 256 * KIB, "1KiB to 256KiB")
            .andThen(Math::toIntExact);
    private static final Kind<Integer> TARGET = Kinds.size(64, 256 * KIB, "64B to 256KiB")
            .andThen(Math::toIntExact);
    private static final Kind<Integer> FIELDS = Kinds.number(1, 128);

    private final Problems problems;

    LimitsReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<MessageLimits> read(Section limits) {
        Read<Integer> head = limits.read("head", HEAD);
        Read<Integer> target = limits.read("target", TARGET);
        Read<Integer> fields = limits.read("fields", FIELDS);
        if (limits.has("target") && head.value().isPresent() && target.value().isPresent()
                && target.get() > head.get()) {
            Spot spot = limits.member("target");
            problems.error(spot, Shown.found(spot) + ", where head is " + head.get() + "B", "64B to head");
        }
        // The default gives way to a smaller head; what was written does not.
        return () -> new MessageLimits(head.get(), Math.min(target.get(), head.get()), fields.get());
    }
}
