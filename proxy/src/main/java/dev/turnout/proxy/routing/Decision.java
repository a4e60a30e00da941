package dev.turnout.proxy.routing;

import dev.turnout.config.Target;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Where a request goes, and which rung said so. There are only a few, made once. */
public record Decision(Target target, Rung rung) {
    private static final Map<Target, Map<Rung, Decision>> ALL = all();

    private static Map<Target, Map<Rung, Decision>> all() {
        Map<Target, Map<Rung, Decision>> all = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            Map<Rung, Decision> ofTarget = new EnumMap<>(Rung.class);
            for (Rung rung : Rung.values()) {
                ofTarget.put(rung, new Decision(target, rung));
            }
            all.put(target, ofTarget);
        }
        return all;
    }

    static Decision of(Target target, Rung rung) {
        return Objects.requireNonNull(Objects.requireNonNull(ALL.get(target)).get(rung));
    }
}
