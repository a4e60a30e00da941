package dev.turnout.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * One axis of a plot: where a value lies, and what is written beside it.
 *
 * @param place from a value to 0..1; beyond that for values off the axis
 */
record Axis(DoubleUnaryOperator place, List<Tick> ticks) {
    private static final int[] NICE = {1, 2, 5, 10};
    private static final int TICKS = 5;
    private static final int TIME_TICKS = 10;
    private static final double MOST_DECADES = 7;

    record Tick(double value, String label) {}

    double at(double value) {
        return Math.clamp(place.applyAsDouble(value), 0, 1);
    }

    /** From 0 to a round number, of 1 at least, that holds {@code most}. */
    static Axis upTo(double most, DoubleFunction<String> label) {
        double atLeast = Math.max(most, 1);
        double step = niceStep(atLeast / TICKS);
        int steps = (int) Math.ceil(atLeast / step - 1e-9);
        return new Axis(value -> value / (steps * step), multiples(step, steps, label));
    }

    /** From 0 to exactly {@code length}. */
    static Axis seconds(double length) {
        double step = Math.max(niceStep(length / TIME_TICKS), length < TIME_TICKS ? 0.1 : 1);
        int steps = (int) Math.floor(length / step + 1e-9);
        return new Axis(value -> value / length, multiples(step, steps, value -> Text.digits(value) + " s"));
    }

    private static List<Tick> multiples(double step, int steps, DoubleFunction<String> label) {
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double value = Math.round(i * step * 1e9) / 1e9;
            ticks.add(new Tick(value, label.apply(value)));
        }
        return ticks;
    }

    private static double niceStep(double atLeast) {
        double decade = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (int factor : NICE) {
            if (factor * decade >= atLeast * (1 - 1e-9)) {
                return factor * decade;
            }
        }
        return 10 * decade;
    }

    /** Logarithmic, between round times that hold both. */
    static Axis times(double leastMillis, double mostMillis) {
        List<Tick> all = new ArrayList<>();
        for (int decade = -3; decade <= MOST_DECADES + 1; decade++) {
            for (int factor = 0; factor < NICE.length - 1; factor++) {
                double value = Math.round(NICE[factor] * Math.pow(10, decade) * 1000) / 1000.0;
                all.add(new Tick(value, Text.time(value)));
            }
        }
        int from = all.size() - 2;
        while (from > 0 && all.get(from).value() > leastMillis) {
            from--;
        }
        int to = from + 1;
        while (to < all.size() - 1 && all.get(to).value() < mostMillis) {
            to++;
        }
        double low = Math.log(all.get(from).value());
        double high = Math.log(all.get(to).value());
        List<Tick> ticks = all.subList(from, to + 1);
        if (ticks.size() > 2 * TICKS) {
            ticks = ticks.stream().filter(Axis::isDecade).toList();
        }
        return new Axis(value -> (Math.log(Math.max(value, 1e-3)) - low) / (high - low), List.copyOf(ticks));
    }

    private static boolean isDecade(Tick tick) {
        double decade = Math.log10(tick.value());
        return Math.abs(decade - Math.rint(decade)) < 1e-9;
    }

    /** Of percentiles: each further nine takes the same room, as far as {@code count} values can tell. */
    static Axis percentiles(long count) {
        double decades = Math.clamp(Math.log10((double) count), 1, MOST_DECADES);
        List<Tick> ticks = new ArrayList<>(List.of(new Tick(0, "0 %"), new Tick(50, "50 %")));
        for (int nines = 1; nines <= decades; nines++) {
            double percentile = 100 * (1 - Math.pow(10, -nines));
            String digits = nines == 1 ? "90" : nines == 2 ? "99" : "99." + "9".repeat(nines - 2);
            ticks.add(new Tick(percentile, digits + " %"));
        }
        return new Axis(value -> -Math.log10(Math.max(1 - value / 100, 1e-9)) / decades, ticks);
    }
}
