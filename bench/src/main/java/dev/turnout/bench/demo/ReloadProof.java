package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.util.List;

/**
 * A changed file counts from the moment the reload is acknowledged, also on connections that were there before; a wrong
 * one changes nothing; no connection is lost either way.
 */
final class ReloadProof implements Proof {
    private static final Share CHANGED = Share.ofPercent("30%");
    private static final String WRONG = "130%";
    /** On blue by the changed share as well: only the second route sends this one to green. */
    private static final Sample READER = UnderLoad.userOn(Target.BLUE, CHANGED);

    @Override
    public void run(UnderLoad load) throws IOException, InterruptedException {
        Operator api = load.api();
        Operator commandLine = load.commandLine();
        load.change(StageConfig.FIRST, "split --reset", commandLine::reset);
        load.say("reload: back to the file's green=" + StageConfig.FIRST + " by " + commandLine.way() + ": "
                + load.hold() + ".");
        long lost = load.connections().lost();
        try (LoadConnection connection = load.connect()) {
            expect(connection, StageConfig.NEWS_PATH, Target.BLUE, "before the reload");
            apply(load, api, CHANGED, true);
            expect(connection, StageConfig.NEWS_PATH, Target.GREEN, "after the reload");
            expect(connection, "/", Target.BLUE, "after the reload");
            load.say("reload: green=" + CHANGED + " and a second route, by " + api.way() + ", "
                    + load.acknowledged() + ": " + load.hold() + "; green answered " + StageConfig.NEWS_PATH
                    + " on a connection that was open before.");
            refuse(load, commandLine);
            expect(connection, StageConfig.NEWS_PATH, Target.GREEN, "after a wrong file");
            apply(load, commandLine, StageConfig.FIRST, false);
            expect(connection, StageConfig.NEWS_PATH, Target.BLUE, "after the second route was taken out");
        }
        Seen back = load.hold();
        ConnectionCounts connections = load.connections();
        if (connections.lost() > lost) {
            throw new IOException("reload: " + (connections.lost() - lost)
                    + " connections of the load were lost (expected: none)");
        }
        load.say("reload: the first file again, by " + commandLine.way() + ", " + load.acknowledged() + ": "
                + back
                + "; none of the load's " + connections.opened() + " connections was lost.");
    }

    private static void apply(UnderLoad load, Operator operator, Share share, boolean news)
            throws IOException, InterruptedException {
        load.stage().rewrite(share.toString(), news);
        load.change(share, "reload", () -> {
            if (operator.reload() instanceof Reloaded.Refused(List<String> problems)) {
                throw new IOException("refused, " + problems);
            }
        });
    }

    private static void refuse(UnderLoad load, Operator operator) throws IOException, InterruptedException {
        RouteState before = load.api().state();
        load.stage().rewrite(WRONG, false);
        load.say("reload: now a wrong file, which the proxy logs as an error.");
        if (!(operator.reload() instanceof Reloaded.Refused(List<String> problems))
                || problems.stream().noneMatch(problem -> problem.contains(WRONG))) {
            throw new IOException("reload: a file with green=" + WRONG
                    + " was not refused with that problem (expected: a refusal that names it)");
        }
        RouteState after = load.api().state();
        if (!after.equals(before)) {
            throw new IOException(
                    "reload: a wrong file made " + before + " to " + after + " (expected: no change)");
        }
        load.say("reload: the wrong file, by " + operator.way() + ", changed nothing: " + problems.getFirst()
                + "; "
                + load.hold() + ".");
    }

    private static void expect(LoadConnection connection, String path, Target side, String when)
            throws IOException {
        Target answered = UnderLoad.ask(connection, path, READER);
        if (answered != side) {
            throw new IOException("reload: " + when + " " + answered.label() + " answered " + path
                    + " (expected: " + side.label() + ")");
        }
    }
}
