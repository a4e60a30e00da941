package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What every command has that changes a route: which one, why, and on what condition. */
final class ChangeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;
    // @formatter:off
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The name of the route; turnout routes lists them.")
    private String route;
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever asks later; one line.")
    private @Nullable String reason;
    @Option(names = "--if-version", paramLabel = "V",
            description = "Only if the route is still at this version; else nothing changes and the exit code is 3.")
    private @Nullable Long ifVersion;
    // @formatter:on

    /** Fit for a path. */
    String route() {
        return RouteName.checked(route, spec);
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** The body with the reason, if there is one. */
    ObjectNode withReason(ObjectNode body) {
        return reason == null ? body : body.put("reason", reason);
    }

    OptionalLong ifVersion() {
        return ifVersion == null ? OptionalLong.empty() : OptionalLong.of(ifVersion);
    }

    ParameterException usage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
