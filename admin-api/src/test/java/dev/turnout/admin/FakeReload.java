package dev.turnout.admin;

import java.util.List;

/** A reload whose outcome tests say. */
public final class FakeReload implements ReloadControl {
    private Result result = new Result.Applied(List.of("shop: green 5% -> 10%"),
            List.of("shop: green 10% of the file is hidden by 50%, which ops set"),
            List.of("admin.listen: takes a restart"), 7);
    private String actor = "";

    public synchronized void endsAs(Result outcome) {
        result = outcome;
    }

    /** Who asked last; empty: nobody yet. */
    public synchronized String actor() {
        return actor;
    }

    @Override
    public synchronized Result reload(String by) {
        actor = by;
        return result;
    }
}
