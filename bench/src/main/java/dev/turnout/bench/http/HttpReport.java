package dev.turnout.bench.http;

import dev.turnout.bench.report.Report;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How an HTTP load is told to others. */
final class HttpReport {
    private HttpReport() {}

    /** What is about to happen, in one line. */
    static String heading(LoadPlan plan) {
        String rate = plan.rate().perSecond() == null
                ? "as fast as it answers (closed loop)"
                : plan.rate().perSecond() + " requests/s (open loop)";
        String warmup = plan.warmup().isZero() ? "" : ", after " + seconds(plan.warmup()) + " of warm-up";
        return subject(plan.call()) + ", " + rate + " over " + plan.connections() + " connections for "
                + seconds(plan.duration()) + warmup;
    }

    private static String subject(HttpCall call) {
        return call.method() + " " + call.url().getRawAuthority() + call.target();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    static Report of(LoadPlan plan, Run.Result result) {
        Measurement measured = result.measurement();
        return new Report("http", subject(plan.call()),
                result.startedAt().truncatedTo(ChronoUnit.MILLIS).toString(),
                Math.round(measured.durationSeconds() * 1000) / 1000.0, result.interrupted(), options(plan),
                measured.rate(plan.rate().perSecond()), measured.requests(), measured.answers(),
                measured.failures(), measured.errors(), measured.latencies(), result.bytes(),
                result.connections(), result.generator(), measured.seconds());
    }

    private static Map<String, Object> options(LoadPlan plan) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("url", plan.call().url().toString());
        options.put("method", plan.call().method());
        options.put("headers", plan.call().shownHeaders());
        options.put("bodyBytes", plan.call().bodyBytes());
        options.put("rate", plan.rate().perSecond() == null ? "max" : plan.rate().perSecond());
        options.put("connections", plan.connections());
        options.put("warmupMillis", plan.warmup().toMillis());
        options.put("durationMillis", plan.duration().toMillis());
        options.put("timeoutMillis", plan.timeout().toMillis());
        return options;
    }
}
