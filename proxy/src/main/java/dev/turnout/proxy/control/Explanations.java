package dev.turnout.proxy.control;

import dev.turnout.admin.Explanation;
import dev.turnout.admin.SampleRequest;
import dev.turnout.config.Protocol;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.UnhealthyPolicy;
import dev.turnout.proxy.control.Traffic.Live;
import dev.turnout.proxy.routing.Explained;
import dev.turnout.proxy.routing.Explainer;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Rung;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Why a request would go where it would go: the ladder, and then whether there is anyone to answer. */
final class Explanations {
    private Explanations() {}

    static Explanation of(RouteConfig config, RoutingSnapshot snapshot, Live now, SampleRequest request) {
        SampleFacts facts = new SampleFacts(request);
        Explained decided = new Explainer(facts.longestValue()).explain(snapshot, config.name(), facts);
        Target target = decided.target();
        Map<String, Object> inputs = new LinkedHashMap<>(decided.inputs());
        if (isHealthy(now, target)) {
            return new Explanation(target, decided.certain(), decided.rung().label(), decided.sentence(),
                    inputs);
        }
        inputs.put("unhealthy", config.split().unhealthy().name().toLowerCase(Locale.ROOT));
        boolean spills = config.split().unhealthy() == UnhealthyPolicy.SPILL
                && decided.rung() != Rung.DRAINED && mayLeave(config, decided)
                && isHealthy(now, target.other());
        return spills
                ? new Explanation(target.other(), decided.certain(), Rung.SPILL.label(), decided.sentence()
                        + "; " + target.label() + " has no healthy endpoint and leaves it to "
                        + target.other().label() + " (split.unhealthy = spill)", inputs)
                : new Explanation(target, decided.certain(), decided.rung().label(), decided.sentence()
                        + "; but " + target.label()
                        + " has no healthy endpoint, so " + refused(config.protocol()), inputs);
    }

    /** Writers have one side, whoever is well. */
    private static boolean mayLeave(RouteConfig config, Explained decided) {
        return decided.readOnly() || config.split().writers().isEmpty();
    }

    private static String refused(Protocol protocol) {
        return switch (protocol) {
            case HTTP -> "the answer is 503 no_healthy_endpoint";
            case POSTGRESQL -> "the session is refused with 57P03 no_healthy_endpoint";
        };
    }

    private static boolean isHealthy(Live now, Target target) {
        return Objects.requireNonNull(now.targets().get(target), target.label()).isHealthy();
    }
}
