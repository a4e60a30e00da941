package dev.turnout.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * One plot as SVG, for the style sheet of the page: lines over a grid, and bands that show a reading when pointed at.
 * Needs no script.
 */
final class Chart {
    private static final int WIDTH = 960;
    private static final int LEFT = 66;
    private static final int RIGHT = 14;
    private static final int TOP = 24;
    private static final int BOTTOM = 26;
    /** Up to so many points are also dots: a line of one point is nothing. */
    private static final int FEW = 40;

    /** A point of a line; a {@code y} that is not a number is a gap. */
    record Dot(double x, double y) {}

    /** What is read where: a band between two values of x. */
    record Reading(double from, double to, String text) {}

    private final Axis x;
    private final Axis y;
    private final int height;
    private final StringBuilder marks = new StringBuilder();

    /** @param height of the whole, in units of which its width has 960 */
    Chart(Axis x, Axis y, int height) {
        this.x = x;
        this.y = y;
        this.height = height;
    }

    private double left(double value) {
        return LEFT + x.at(value) * (WIDTH - LEFT - RIGHT);
    }

    private double top(double value) {
        return height - BOTTOM - y.at(value) * (height - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** @param style the class that the style sheet knows */
    Chart line(String style, List<Dot> dots) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (Dot dot : dots) {
            if (Double.isNaN(dot.y())) {
                drawing = false;
                continue;
            }
            path.append(drawing ? 'L' : 'M').append(number(left(dot.x()))).append(' ')
                    .append(number(top(dot.y())));
            drawing = true;
        }
        marks.append("<path class=\"line ").append(style).append("\" d=\"").append(path).append("\"/>\n");
        if (dots.size() <= FEW) {
            dots.stream().filter(dot -> !Double.isNaN(dot.y())).forEach(dot -> marks
                    .append("<circle class=\"dot ").append(style).append("\" cx=\"")
                    .append(number(left(dot.x())))
                    .append("\" cy=\"").append(number(top(dot.y()))).append("\" r=\"2.5\"/>\n"));
        }
        return this;
    }

    /** From the bottom up, one for each reading and value. */
    Chart bar(String style, double from, double to, double value) {
        double gap = Math.min(1, (left(to) - left(from)) / 4);
        double width = Math.max(1, left(to) - left(from) - 2 * gap);
        double bottom = height - BOTTOM;
        marks.append("<rect class=\"").append(style).append("\" x=\"").append(number(left(from) + gap))
                .append("\" y=\"").append(number(top(value))).append("\" width=\"").append(number(width))
                .append("\" height=\"").append(number(bottom - top(value))).append("\"/>\n");
        return this;
    }

    /** A dashed line across, with its name. */
    Chart level(double value, String name) {
        String at = number(top(value));
        marks.append("<path class=\"level\" d=\"M").append(LEFT).append(' ').append(at).append('H')
                .append(WIDTH - RIGHT).append("\"/>\n<text class=\"level\" x=\"").append(LEFT + 6)
                .append("\" y=\"").append(number(top(value) - 5)).append("\">").append(Html.escape(name))
                .append("</text>\n");
        return this;
    }

    Chart readings(List<Reading> readings) {
        for (Reading reading : readings) {
            double from = left(reading.from());
            double width = Math.max(0.5, left(reading.to()) - from);
            String middle = number(from + width / 2);
            marks.append("<g class=\"reading\"><rect x=\"").append(number(from)).append("\" y=\"").append(TOP)
                    .append("\" width=\"").append(number(width)).append("\" height=\"")
                    .append(height - TOP - BOTTOM).append("\"/><path d=\"M").append(middle).append(' ')
                    .append(TOP).append('V').append(height - BOTTOM).append("\"/><text x=\"")
                    .append(WIDTH - RIGHT).append("\" y=\"14\">").append(Html.escape(reading.text()))
                    .append("</text></g>\n");
        }
        return this;
    }

    /** @param label what it shows, for who cannot see it */
    String svg(String label) {
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(height)
                .append("\" role=\"img\" aria-label=\"").append(Html.escape(label)).append("\">\n");
        for (Axis.Tick tick : y.ticks()) {
            String at = number(top(tick.value()));
            svg.append("<path class=\"grid\" d=\"M").append(LEFT).append(' ').append(at).append('H')
                    .append(WIDTH - RIGHT).append("\"/><text class=\"y\" x=\"").append(LEFT - 8)
                    .append("\" y=\"").append(at).append("\">").append(Html.escape(tick.label()))
                    .append("</text>\n");
        }
        for (Axis.Tick tick : x.ticks()) {
            String at = number(left(tick.value()));
            svg.append("<path class=\"grid\" d=\"M").append(at).append(' ').append(TOP).append('V')
                    .append(height - BOTTOM).append("\"/><text class=\"x\" x=\"").append(at).append("\" y=\"")
                    .append(height - 8).append("\">").append(Html.escape(tick.label())).append("</text>\n");
        }
        svg.append("<path class=\"base\" d=\"M").append(LEFT).append(' ').append(height - BOTTOM).append('H')
                .append(WIDTH - RIGHT).append("\"/>\n");
        return svg.append(marks).append("</svg>\n").toString();
    }
}
