package dev.turnout.admin.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The name of a route, as a command line gives it. */
final class RouteName {
    private static final Pattern ROUTE = Pattern.compile("[a-z0-9-]{1,63}");

    private RouteName() {}

    /** Fit for a path. */
    static String checked(String route, CommandSpec spec) {
        if (!ROUTE.matcher(route).matches()) {
            throw new ParameterException(spec.commandLine(),
                    "ROUTE: " + route + " (expected: 1 to 63 lower-case letters, digits and hyphens)");
        }
        return route;
    }
}
