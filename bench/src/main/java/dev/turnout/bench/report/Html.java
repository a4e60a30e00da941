package dev.turnout.bench.report;

/** Text on its way into a page. */
final class Html {
    private Html() {}

    /** For content and for attributes in double quotes; what XML cannot hold becomes {@code ?}. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c < ' ' || Character.isSurrogate(c) || c > '\ufffd' ? '?' : c);
            }
        }
        return escaped.toString();
    }

    /** A table; the first cell of a row is its name. */
    static String table(Iterable<? extends Iterable<String>> rows) {
        StringBuilder table = new StringBuilder("<table>\n");
        for (Iterable<String> row : rows) {
            table.append("<tr>");
            String tag = "th";
            for (String cell : row) {
                table.append('<').append(tag).append('>').append(escape(cell)).append("</").append(tag)
                        .append('>');
                tag = "td";
            }
            table.append("</tr>\n");
        }
        return table.append("</table>\n").toString();
    }
}
