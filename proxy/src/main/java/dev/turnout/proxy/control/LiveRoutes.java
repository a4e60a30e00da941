package dev.turnout.proxy.control;

import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Target;
import java.util.Map;

/** What the running routes look like now, for those who ask. Any thread. */
@FunctionalInterface
public interface LiveRoutes {
    /**
     * One running route.
     *
     * @param listen the address that it is bound to
     * @param targets both sides
     */
    record Live(String listen, Map<Target, TargetView> targets) {}

    Live of(String route);
}
