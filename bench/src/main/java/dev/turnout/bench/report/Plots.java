package dev.turnout.bench.report;

import dev.turnout.bench.report.Chart.Dot;
import dev.turnout.bench.report.Chart.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The plots of a report: what happened over time, and how the latencies are spread. */
final class Plots {
    private static final int MOST_POINTS = 480;
    private static final int TALL = 260;
    private static final int LOW = 120;

    private final Report report;
    private final List<Slice> slices;
    private final Axis time;

    /** Some seconds that are one point of a plot: rates on average, latencies of the worst second. */
    private record Slice(
            double from,
            double to,
            double requests,
            double errors,
            double p50,
            double p99,
            double max) {
        static Slice of(List<Second> seconds) {
            double from = seconds.getFirst().second();
            double length = seconds.stream().mapToLong(Second::millis).sum() / 1000.0;
            return new Slice(from, from + length,
                    seconds.stream().mapToDouble(Second::requestsPerSecond).average().orElse(0),
                    seconds.stream().mapToDouble(Second::errorsPerSecond).average().orElse(0),
                    worst(seconds, Second::p50Millis), worst(seconds, Second::p99Millis),
                    worst(seconds, Second::maxMillis));
        }

        private static double worst(List<Second> seconds, Function<Second, @Nullable Double> figure) {
            return seconds.stream().map(figure).flatMap(Stream::ofNullable).mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(Double.NaN);
        }

        double good() {
            return requests - errors;
        }

        String when() {
            return to - from <= 1
                    ? String.format(Locale.ROOT, "second %.0f", from + 1)
                    : String.format(Locale.ROOT, "seconds %.0f to %.0f", from + 1, to);
        }
    }

    Plots(Report report) {
        this.report = report;
        List<Second> shown = shown();
        int each = Math.ceilDiv(Math.max(1, shown.size()), MOST_POINTS);
        slices = new ArrayList<>();
        for (int i = 0; i < shown.size(); i += each) {
            slices.add(Slice.of(shown.subList(i, Math.min(shown.size(), i + each))));
        }
        time = Axis.seconds(slices.isEmpty() ? 1 : slices.getLast().to());
    }

    /** What comes less than a second late is no second of its own: it would look like a drop. */
    private List<Second> shown() {
        List<Second> all = report.seconds();
        int measured = (int) Math.ceil(report.durationSeconds());
        return all.size() <= measured + 1 ? all.subList(0, Math.min(measured, all.size())) : all;
    }

    private List<Dot> dots(ToDoubleFunction<Slice> figure) {
        return slices.stream()
                .map(slice -> new Dot((slice.from() + slice.to()) / 2, figure.applyAsDouble(slice)))
                .toList();
    }

    private List<Reading> readings(Function<Slice, String> text) {
        return slices.stream()
                .map(slice -> new Reading(slice.from(), slice.to(), slice.when() + ": " + text.apply(slice)))
                .toList();
    }

    private double most(ToDoubleFunction<Slice> figure) {
        return slices.stream().mapToDouble(figure).max().orElse(0);
    }

    String requests() {
        @Nullable
        Integer asked = report.rate().asked();
        double most = Math.max(most(Slice::good), asked == null ? 0 : asked) * 1.04;
        Chart chart = new Chart(time, Axis.upTo(most, Text::digits), TALL);
        if (asked != null) {
            chart.level(asked, "asked");
        }
        return chart.line("requests", dots(Slice::good))
                .readings(readings(slice -> Text.digits(slice.good()) + " good answers/s, "
                        + Text.digits(slice.errors()) + " errors/s"))
                .svg("Answered without error, per second");
    }

    String errors() {
        Chart chart = new Chart(time, Axis.upTo(Math.max(1, most(Slice::errors)), Text::digits), LOW);
        slices.stream().filter(slice -> slice.errors() > 0)
                .forEach(slice -> chart.bar("errors", slice.from(), slice.to(), slice.errors()));
        return chart.readings(readings(slice -> Text.digits(slice.errors()) + " errors/s"))
                .svg("Errors per second");
    }

    /** Empty when there are no latencies. */
    String latencies() {
        OptionalDouble least = real(Slice::p50).min();
        if (least.isEmpty()) {
            return "";
        }
        Axis times = Axis.times(least.getAsDouble(), real(Slice::max).max().orElseThrow());
        return new Chart(time, times, TALL).line("max", dots(Slice::max))
                .line("p99", dots(Slice::p99))
                .line("p50", dots(Slice::p50))
                .readings(readings(slice -> Double.isNaN(slice.max())
                        ? "no answer"
                        : "p50 " + Text.time(slice.p50()) + ", p99 " + Text.time(slice.p99()) + ", max "
                                + Text.time(slice.max())))
                .svg("Latency percentiles per second");
    }

    private DoubleStream real(ToDoubleFunction<Slice> figure) {
        return slices.stream().mapToDouble(figure).filter(value -> !Double.isNaN(value));
    }

    /** Empty when there are no latencies. */
    String distribution() {
        Latency best = report.latency().best();
        if (best == null) {
            return "";
        }
        Latency service = report.latency().service();
        double least = service == null ? best.minMillis() : Math.min(best.minMillis(), service.minMillis());
        Chart chart = new Chart(Axis.percentiles(best.count()), Axis.times(least, best.maxMillis()), TALL);
        if (service != null && report.latency().corrected() != null) {
            chart.line("service", spread(service));
        }
        chart.line("corrected", spread(best));
        return chart.readings(readings(best)).svg("Latency by percentile");
    }

    private static List<Dot> spread(Latency latency) {
        return latency.distribution().stream().map(point -> new Dot(point.percentile(), point.millis()))
                .toList();
    }

    private static List<Reading> readings(Latency latency) {
        List<Reading> readings = new ArrayList<>();
        double from = 0;
        for (Latency.Point point : latency.distribution()) {
            if (point.percentile() > from) {
                String share = String.format(Locale.ROOT, "%.7f", point.percentile()).replaceAll("\\.?0+$",
                        "");
                readings.add(new Reading(from, point.percentile(),
                        share + " % within " + Text.time(point.millis())));
                from = point.percentile();
            }
        }
        return readings;
    }
}
