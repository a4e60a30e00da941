package dev.turnout.bench.http;

import dev.turnout.bench.report.Report;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** How an HTTP load is told to others. */
final class HttpReport {
    private HttpReport() {}

    /** What is about to happen, in one line. */
    static String heading(LoadPlan plan) {
        return subject(plan.call()) + ", " + plan.pace().rate().text("requests") + " over "
                + plan.connections() + " connections " + plan.pace().text();
    }

    private static String subject(HttpCall call) {
        return call.method() + " " + call.url().getRawAuthority() + call.target();
    }

    static Report of(LoadPlan plan, Run.Result result) {
        Measurement measured = result.measurement();
        return new Report("http", "requests", subject(plan.call()),
                result.startedAt().truncatedTo(ChronoUnit.MILLIS).toString(),
                Math.round(measured.durationSeconds() * 1000) / 1000.0, result.interrupted(), options(plan),
                measured.rate(plan.pace().rate().perSecond()), measured.requests(), measured.answers(),
                measured.failures(), measured.errors(), measured.latencies(), result.bytes(),
                result.connections(), result.generator(), measured.seconds(), null);
    }

    private static Map<String, Object> options(LoadPlan plan) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("url", plan.call().url().toString());
        options.put("method", plan.call().method());
        options.put("headers", plan.call().shownHeaders());
        options.put("bodyBytes", plan.call().bodyBytes());
        options.put("connections", plan.connections());
        plan.pace().addTo(options);
        return options;
    }
}
