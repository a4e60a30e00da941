package dev.turnout.bench.pg;

import dev.turnout.bench.load.Options;
import dev.turnout.bench.report.Report;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a load on PostgreSQL is told to others. */
final class PgReport {
    private static final String UNIT = "transactions";

    private PgReport() {}

    /** What is about to happen, in one line. */
    static String heading(PgPlan plan) {
        return subject(plan) + ", " + plan.pace().rate().text(UNIT) + " over " + plan.clients()
                + " connections "
                + plan.pace().text();
    }

    private static String subject(PgPlan plan) {
        return Options.name(plan.workload()) + " " + plan.target().authority() + "/"
                + plan.target().database() + ", "
                + Options.name(plan.mode()) + " protocol";
    }

    /** @param scale of the tables */
    static Report of(PgPlan plan, int scale, PgLoad.Result result, Report.@Nullable Ledger ledger) {
        PgMeasurement measured = result.measurement();
        return new Report("pg", UNIT, subject(plan),
                result.startedAt().truncatedTo(ChronoUnit.MILLIS).toString(),
                Math.round(measured.durationSeconds() * 1000) / 1000.0, result.interrupted(),
                options(plan, scale), measured.rate(plan.pace().rate().perSecond()), measured.transactions(),
                measured.answers(), measured.failures(), measured.errors(), measured.latencies(), null,
                result.connections(), result.generator(), measured.seconds(), ledger);
    }

    private static Map<String, Object> options(PgPlan plan, int scale) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("url", plan.target().toString());
        options.put("workload", Options.name(plan.workload()));
        options.put("protocol", Options.name(plan.mode()));
        options.put("scale", scale);
        options.put("clients", plan.clients());
        plan.pace().addTo(options);
        return options;
    }
}
