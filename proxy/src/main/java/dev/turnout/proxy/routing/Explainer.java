package dev.turnout.proxy.routing;

import dev.turnout.config.AddressRange;
import dev.turnout.config.CohortConfig;
import dev.turnout.config.ForcedSide;
import dev.turnout.config.RequestKey;
import dev.turnout.config.RuleConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Says where a request would go, and why, by deciding it as any other. Any thread. */
public final class Explainer {
    private final int longestValue;

    /**
     * Explains requests up to a size.
     *
     * @param longestValue what a request may be asked for, in bytes; the size of a head
     */
    public Explainer(int longestValue) {
        this.longestValue = longestValue;
    }

    /** Decides a request that nobody sends. Throws IllegalArgumentException when the snapshot has no such route. */
    public Explained explain(RoutingSnapshot snapshot, String route, RequestFacts facts) {
        RoutingSnapshot.Route known = snapshot.route(route);
        Decision decision = new Decision();
        if (known == null
                || !new Decider(longestValue, 0, () -> 0).decide(snapshot, route, facts, decision)) {
            throw new IllegalArgumentException("route: " + route + " (expected: one of the configuration)");
        }
        return new Explanation(known.split(), facts, decision, new Scratch(longestValue)).explained();
    }

    /** One decision, put into words. */
    private static final class Explanation {
        private final Split split;
        private final RequestFacts facts;
        private final Decision decision;
        private final Scratch scratch;
        private final SequencedMap<String, Object> inputs = new LinkedHashMap<>();

        Explanation(Split split, RequestFacts facts, Decision decision, Scratch scratch) {
            this.split = split;
            this.facts = facts;
            this.decision = decision;
            this.scratch = scratch;
        }

        Explained explained() {
            inputs.put("version", decision.version());
            inputs.put("epoch", decision.epoch());
            return switch (decision.rung()) {
                case DRAINED -> drained();
                case OVERRIDE -> override(split.config().overrides().get(decision.entry()));
                case RULE -> rule(split.config().rules().get(decision.entry()));
                case WRITER -> writer();
                case COHORT, UNKEYED -> byShare("");
                case SPILL -> throw new IllegalStateException("spilled before an endpoint was looked for");
            };
        }

        private Explained drained() {
            String side = name(decision.target().other());
            inputs.put("drained", side);
            return certain(side + " is drained");
        }

        private Explained writer() {
            String matched = decision.entry() == Decision.NONE
                    ? ""
                    : matched(split.config().rules().get(decision.entry())) + " matches, but ";
            inputs.put("writers", name(decision.target()));
            return certain(
                    matched + "the session may write, and writers have one side while data = replicated");
        }

        private Explained override(ForcedSide override) {
            inputs.put("override", decision.entry() + 1);
            inputs.put(place(override.source()), Fact.of(override.source()).name());
            inputs.put("value", override.value());
            String sentence = "override " + (decision.entry() + 1) + ", " + override.source() + "="
                    + Shown.of(override.value());
            if (!override.from().isEmpty()) {
                String from = override.from().stream().map(AddressRange::toString)
                        .collect(Collectors.joining(", "));
                inputs.put("from", from);
                sentence += " from " + Shown.of(from);
            }
            putReadOnly(override.readOnly());
            return certain(sentence);
        }

        /** As the configuration calls it. */
        private static String place(RequestKey key) {
            return switch (key) {
                case RequestKey.Header _ -> "header";
                case RequestKey.Cookie _ -> "cookie";
                case RequestKey.Query _ -> "query";
                case RequestKey.Startup _ -> "startup-option";
                case RequestKey.ClientAddress _ -> "client-ip";
            };
        }

        private void putReadOnly(boolean readOnly) {
            if (readOnly) {
                inputs.put("readOnly", true);
            }
        }

        /** Names a rule and notes what it says. */
        private String matched(RuleConfig rule) {
            String when = Shown.when(rule.when(), split.unit());
            inputs.put("rule", decision.entry() + 1);
            inputs.put("when", when);
            putReadOnly(rule.readOnly());
            return "rule " + (decision.entry() + 1) + " (" + Shown.of(when) + ")";
        }

        private Explained rule(RuleConfig rule) {
            String sentence = matched(rule);
            return switch (rule.then()) {
                case RuleConfig.Then.To to -> {
                    inputs.put("to", name(to.side()));
                    yield certain(sentence);
                }
                case RuleConfig.Then.Split _ -> byShare(sentence + " has a weight of its own; ");
                case RuleConfig.Then.Weight _ -> byShare(sentence + " has the weight of the route; ");
            };
        }

        private Explained byShare(String before) {
            if (decision.bucket() == Decision.NONE || decision.mintedName() != null) {
                return byChance(before);
            }
            Share share = split.share(decision.entry());
            CohortConfig cohort = split.config().cohort().orElseThrow();
            String value = keyValue();
            inputs.put("key", cohort.key().toString());
            inputs.put("value", value);
            inputs.put("salt", split.config().salt());
            inputs.put("bucket", decision.bucket());
            putShare(share);
            return certain(
                    before + cohort.key() + "=" + Shown.of(value) + " is in bucket " + decision.bucket()
                            + " of " + Share.WHOLE_PPM + " and green has those below " + share.ppm() + " ("
                            + share + ")");
        }

        private String keyValue() {
            UserKey user = split.user();
            if (user == null) {
                throw new IllegalStateException("a key decided where there is none");
            }
            int length = user.read(facts, scratch.bytes);
            return new String(scratch.bytes, user.start(), length, StandardCharsets.UTF_8);
        }

        private Explained byChance(String before) {
            Share share = split.share(decision.entry());
            boolean minted = decision.mintedName() != null;
            String missing = split.config().cohort()
                    .map(cohort -> "the " + split.unit() + " has no " + cohort.key())
                    .orElse("there is no cohort");
            split.config().cohort().ifPresent(cohort -> inputs.put("key", cohort.key().toString()));
            putShare(share);
            String who = minted
                    ? "each new user gets a random id"
                    : "each " + split.unit() + " is dealt out by itself";
            if (share.equals(Share.NONE) || share.equals(Share.ALL)) {
                return certain(before + missing + "; green has " + share);
            }
            Target more = share.ppm() > Share.WHOLE_PPM / 2 ? Target.GREEN : Target.BLUE;
            Share blue = new Share(Share.WHOLE_PPM - share.ppm());
            return new Explained(more, false, decision.readOnly(), decision.rung(),
                    before + missing + ", so " + who + ": " + share + " to green, " + blue + " to blue",
                    inputs);
        }

        private void putShare(Share share) {
            inputs.put("green", share.percent().doubleValue());
            inputs.put("greenBuckets", share.ppm());
        }

        private Explained certain(String reason) {
            return new Explained(decision.target(), true, decision.readOnly(), decision.rung(),
                    reason + ": " + name(decision.target()), inputs);
        }

        private static String name(Target target) {
            return target.name().toLowerCase(Locale.ROOT);
        }
    }
}
