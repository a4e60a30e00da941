package dev.turnout.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code turnout reload}: has the proxy read its configuration file again. */
// @formatter:off
@CommandLine.Command(name = "reload",
        description = {"Has the proxy read its configuration file again; no connection drops.",
            "A file with a mistake changes nothing: all its problems are printed, and the exit code is 2. What operators"
                    + " set at run time holds over the file; what of it is hidden by that, or takes a restart of the"
                    + " proxy, is said."},
        footer = {"", "Examples:",
            "  turnout check turnout.conf && turnout reload",
            "  turnout reload -o json"})
// @formatter:on
public final class ReloadCommand implements Command {
    private static final String NEW_LINE = System.lineSeparator();

    @Spec
    private CommandSpec spec;
    @Mixin
    private AdminOptions options;

    @Override
    public Integer call() {
        try (AdminClient admin = options.connect()) {
            JsonNode result = admin.post("/reload");
            options.print(spec, result, ReloadCommand::report);
        } catch (ApiProblem problem) {
            throw problem.is("invalid_configuration") ? invalid(problem) : problem;
        }
        return ExitCode.DONE;
    }

    private static String report(JsonNode result) {
        String version = ", version " + result.path("version").asLong();
        String changes = result.path("changes").isEmpty()
                ? "the file changes nothing" + version
                : "the file is in effect" + version + lines(result.path("changes"));
        return changes
                + under("hidden by what was set at run time:", result.path("overridden"))
                + under("needs a restart of the proxy:", result.path("restart"));
    }

    private static String under(String heading, JsonNode texts) {
        return texts.isEmpty() ? "" : NEW_LINE + heading + lines(texts);
    }

    private static String lines(JsonNode texts) {
        return texts.valueStream().map(text -> NEW_LINE + "  " + Table.printable(text.asText()))
                .collect(Collectors.joining());
    }

    private static OperatorException invalid(ApiProblem problem) {
        return new OperatorException(ExitCode.USAGE,
                "the file is wrong, nothing was changed:" + lines(problem.member("problems")));
    }
}
