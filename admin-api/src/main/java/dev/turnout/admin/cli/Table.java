package dev.turnout.admin.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Aligned columns for a terminal: texts to the left, numbers to the right. */
final class Table {
    /** What may steer a terminal or turn its text round: controls, formats, separators, halves of a character. */
    static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final Pattern FIGURES = Pattern.compile("[\\d<-]([\\d ./%<>-]|m?s)*");
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** @param cells as many as there are headings */
    void add(Object... cells) {
        rows.add(IntStream.range(0, cells.length).mapToObj(i -> printable(cells[i].toString())).toList());
    }

    /** Whether there is nothing but the headings. */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        List<Integer> widths = IntStream.range(0, columns)
                .mapToObj(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElseThrow())
                .toList();
        List<Boolean> numeric = IntStream.range(0, columns)
                .mapToObj(i -> rows.stream().skip(1).allMatch(row -> FIGURES.matcher(row.get(i)).matches()))
                .toList();
        return rows.stream().map(row -> line(row, widths, numeric))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String line(List<String> row, List<Integer> widths, List<Boolean> numeric) {
        return IntStream.range(0, row.size()).mapToObj(i -> {
            String padding = " ".repeat(widths.get(i) - row.get(i).length());
            return numeric.get(i) ? padding + row.get(i) : row.get(i) + padding;
        }).collect(Collectors.joining(GAP)).stripTrailing();
    }

    /** A server's text must not steer the terminal. */
    static String printable(String cell) {
        return UNPRINTABLE.matcher(cell).replaceAll("?");
    }
}
