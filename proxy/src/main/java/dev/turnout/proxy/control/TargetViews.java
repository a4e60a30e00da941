package dev.turnout.proxy.control;

import dev.turnout.admin.RouteView.TargetView;
import dev.turnout.config.Target;
import java.util.Map;

/** What both sides of a route look like now, for those who ask. Any thread. */
@FunctionalInterface
public interface TargetViews {
    Map<Target, TargetView> of(String route);
}
