package dev.turnout.proxy.routing;

import dev.turnout.config.Target;

/** Where a request goes, and which rung said so. There are only a few, made once. */
public record Decision(Target target, Rung rung) {
    private static final Decision[][] ALL = all();

    private static Decision[][] all() {
        Decision[][] all = new Decision[Target.values().length][Rung.values().length];
        for (Target target : Target.values()) {
            for (Rung rung : Rung.values()) {
                all[target.ordinal()][rung.ordinal()] = new Decision(target, rung);
            }
        }
        return all;
    }

    static Decision of(Target target, Rung rung) {
        return ALL[target.ordinal()][rung.ordinal()];
    }
}
