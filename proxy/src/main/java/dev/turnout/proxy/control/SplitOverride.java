package dev.turnout.proxy.control;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.List;
import java.util.Optional;

/**
 * What an operator decided about one route's share.
 *
 * @param green empty: back to the file
 * @param drained the side that gets nothing
 * @param file the share of the file at that time, so that a later change of it under this one is noticed
 */
record SplitOverride(
        String route,
        Optional<Share> green,
        Optional<Target> drained,
        Optional<Share> file,
        Stamp stamp) implements RuntimeChange {
    /** The share of the file at that time, if it has another {@code now}. */
    Optional<Share> fileThen(Share now) {
        return file.filter(then -> !then.equals(now));
    }

    @Override
    public List<String> routes() {
        return List.of(route);
    }
}
