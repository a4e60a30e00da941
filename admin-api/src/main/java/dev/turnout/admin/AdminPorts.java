package dev.turnout.admin;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Everything that the admin API asks of the proxy.
 *
 * @param ready whether every listener accepts connections
 * @param metrics all meters, in Prometheus' text format
 */
public record AdminPorts(
        RouteControl routes,
        EventFeed events,
        AuditTrail audit,
        ReloadControl reload,
        BooleanSupplier ready,
        Supplier<String> metrics) {}
