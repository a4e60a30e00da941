package dev.turnout.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.admin.ReloadControl;
import dev.turnout.admin.http.Problem.Kind;
import java.util.List;

/** Reading the configuration file again. */
final class ReloadOperation {
    private final ReloadControl control;

    ReloadOperation(ReloadControl control) {
        this.control = control;
    }

    Answer reload(Call call) {
        Query.of(call);
        Changes.refuseConditions(call);
        Changes.refuseBody(call, "the configuration is in its file");
        return switch (control.reload(Changes.actor(call))) {
            case ReloadControl.Result.Applied applied -> Answer.json(json(applied));
            case ReloadControl.Result.Invalid(List<String> problems) -> throw invalid(problems);
            case ReloadControl.Result.Failed(String why) -> throw new Problem(Kind.RELOAD_FAILED,
                    "nothing was changed, because the configuration asks for what cannot be had: " + why)
                    .raised();
        };
    }

    private static ObjectNode json(ReloadControl.Result.Applied applied) {
        ObjectNode json = Json.object();
        json.set("changes", Json.tree(applied.changes()));
        json.set("overridden", Json.tree(applied.overridden()));
        json.set("restart", Json.tree(applied.restart()));
        return json.put("version", applied.version());
    }

    private static ProblemException invalid(List<String> problems) {
        ObjectNode members = Json.object();
        members.set("problems", Json.tree(problems));
        return new Problem(Kind.INVALID_CONFIGURATION, "nothing was changed, because the configuration has "
                + problems.size() + (problems.size() == 1 ? " problem" : " problems") + " (expected: none)",
                members)
                .raised();
    }
}
