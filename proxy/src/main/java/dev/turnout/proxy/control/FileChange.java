package dev.turnout.proxy.control;

import java.util.List;

/**
 * The file was read again. What it holds is not kept: at the next start it is read anyway. The versions are, since
 * clients hold them as ETags.
 *
 * @param routes those that it changed, added or removed, in the order of their names
 */
record FileChange(List<String> routes, Stamp stamp) implements RuntimeChange {
    FileChange {
        routes = List.copyOf(routes);
    }
}
