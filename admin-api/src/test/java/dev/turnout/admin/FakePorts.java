package dev.turnout.admin;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ports behind which only tests make something happen. */
public final class FakePorts {
    private FakePorts() {}

    /** The given ones, and nothing behind the others. */
    public static AdminPorts of(RouteControl routes, BooleanSupplier ready, Supplier<String> metrics) {
        return new AdminPorts(routes, new FakeEvents(), new FakeAudit(), new FakeReload(), ready, metrics);
    }
}
