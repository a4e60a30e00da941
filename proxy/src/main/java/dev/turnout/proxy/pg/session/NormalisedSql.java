package dev.turnout.proxy.pg.session;

import java.nio.charset.StandardCharsets;

/** SQL without the values in it, for logs. Pure. */
public final class NormalisedSql {
    /*
     * A lexer after PostgreSQL's scan.l, over bytes, without a parser. It does not know two settings that change where a
     * string ends: standard_conforming_strings (whether \' ends '...') and a client encoding whose characters may end with
     * the byte of a backslash (as in Shift-JIS). Where the readings differ everything behind is left out, since one of
     * them takes a value for SQL.
     */
    private static final int MOST_CHARACTERS = 1000;
    /** No encoding that matters needs more for the longest answer. */
    private static final int MOST_BYTES = 4 * MOST_CHARACTERS;

    private final byte[] sql;
    private final int end;
    private int at;
    /** Each character a byte. */
    private final StringBuilder out = new StringBuilder();
    private boolean space;
    /** Of parentheses and brackets. */
    private int depth;
    private boolean leftOut;

    private NormalisedSql(byte[] sql) {
        this.sql = sql;
        int zero = 0;
        while (zero < sql.length && sql[zero] != 0) {
            zero++;
        }
        end = zero;
    }

    /** The statement with a placeholder for each literal; its bytes up to the first that is 0. */
    public static String of(byte[] sql) {
        return new NormalisedSql(sql).normalised();
    }

    private String normalised() {
        while (at < end && out.length() <= MOST_BYTES) {
            next();
        }
        String text = visible(
                new String(out.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        if (text.length() > MOST_CHARACTERS) {
            boolean amid = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
            return text.substring(0, amid ? MOST_CHARACTERS - 1 : MOST_CHARACTERS) + "…";
        }
        return leftOut ? text + "…" : text;
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                    visible.append("\\x").append(Integer.toHexString(point));
                default -> visible.appendCodePoint(point);
            }
        });
        return visible.toString();
    }

    private byte peek(int ahead) {
        return at + ahead < end ? sql[at + ahead] : 0;
    }

    private void next() {
        byte first = sql[at];
        if (isSpace(first)) {
            space = true;
            at++;
        } else if (first == '-' && peek(1) == '-') {
            space = true;
            lineComment();
        } else if (first == '/' && peek(1) == '*') {
            space = true;
            comment();
        } else if (first == '\'') {
            string(false);
        } else if (first == '"') {
            quotedName();
        } else if (first == '$') {
            dollar();
        } else if (numberAt(0)) {
            number();
        } else if (isLetter(first)) {
            word();
        } else {
            sign(first);
        }
    }

    private void lineComment() {
        while (at < end && sql[at] != '\n' && sql[at] != '\r') {
            at++;
        }
    }

    /** They nest. */
    private void comment() {
        int open = 0;
        do {
            if (sql[at] == '/' && peek(1) == '*') {
                open++;
                at += 2;
            } else if (sql[at] == '*' && peek(1) == '/') {
                open--;
                at += 2;
            } else {
                at++;
            }
        } while (open > 0 && at < end);
    }

    /** From the quote on. A string goes on with a quote on another line, in the same manner. */
    private void string(boolean escapes) {
        do {
            at++;
            stringPart(escapes);
        } while (goesOn());
        literal();
    }

    private void stringPart(boolean escapes) {
        int start = at;
        while (at < end) {
            if (sql[at] != '\'') {
                at++;
                continue;
            }
            int before = at;
            while (before > start && sql[before - 1] == '\\') {
                before--;
            }
            boolean escaped = (at - before) % 2 == 1;
            boolean perhapsOneCharacter = before < at && before > start && sql[before - 1] < 0;
            if (perhapsOneCharacter || (escaped && !escapes)) {
                leftOut = true;
                at = end;
            } else if (escaped) {
                at++;
            } else if (peek(1) == '\'') {
                at += 2;
            } else {
                at++;
                return;
            }
        }
    }

    private boolean goesOn() {
        int behind = at;
        boolean newLine = false;
        while (at < end) {
            if (isSpace(sql[at])) {
                newLine |= sql[at] == '\n' || sql[at] == '\r';
                at++;
            } else if (sql[at] == '-' && peek(1) == '-') {
                lineComment();
            } else {
                break;
            }
        }
        if (newLine && peek(0) == '\'') {
            return true;
        }
        at = behind;
        return false;
    }

    private void quotedName() {
        int start = at++;
        while (at < end) {
            if (sql[at] != '"') {
                at++;
            } else if (peek(1) == '"') {
                at += 2;
            } else {
                at++;
                break;
            }
        }
        emit(start);
    }

    /** A parameter, or a string between two {@code $tag$}. */
    private void dollar() {
        int start = at++;
        if (isDigit(peek(0))) {
            while (isDigit(peek(0))) {
                at++;
            }
            emit(start);
            return;
        }
        while (isLetter(peek(0)) || (at > start + 1 && isDigit(peek(0)))) {
            at++;
        }
        if (peek(0) != '$') {
            emit(start);
            return;
        }
        at++;
        int tag = at - start;
        while (at < end && !(at + tag <= end && sameAs(start, tag))) {
            at++;
        }
        at = Math.min(end, at + tag);
        literal();
    }

    private boolean sameAs(int start, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (sql[start + i] != sql[at + i]) {
                return false;
            }
        }
        return true;
    }

    private boolean numberAt(int ahead) {
        return isDigit(peek(ahead)) || (peek(ahead) == '.' && isDigit(peek(ahead + 1)));
    }

    /** With whatever adjoins it. */
    private void number() {
        while (isDigit(peek(0)) || isLetter(peek(0)) || peek(0) == '.') {
            boolean exponent = (peek(0) == 'e' || peek(0) == 'E') && (peek(1) == '+' || peek(1) == '-')
                    && isDigit(peek(2));
            at += exponent ? 2 : 1;
        }
        literal();
    }

    /** A name, a key word, or what stands before the quote of a string. */
    private void word() {
        int start = at;
        while (isLetter(peek(0)) || isDigit(peek(0)) || peek(0) == '$') {
            at++;
        }
        int kind = at == start + 1 ? sql[start] | 0x20 : 0;
        if (kind == 'u' && peek(0) == '&' && peek(1) == '\'') {
            at++;
            string(false);
        } else if (peek(0) == '\'' && (kind == 'e' || kind == 'b' || kind == 'x' || kind == 'n')) {
            string(kind == 'e');
        } else {
            emit(start);
        }
    }

    private void sign(byte sign) {
        if ((sign == '-' || sign == '+') && numberAt(1) && (endsWith("(") || endsWith(","))) {
            // It belongs to the number.
            at++;
            return;
        }
        if (sign == '(' || sign == '[') {
            depth++;
        } else if (sign == ')' || sign == ']') {
            depth--;
        }
        space &= sign != ')' && sign != ',' && sign != ']';
        at++;
        emit(at - 1);
        if (endsWith("(?),(?)")) {
            out.setLength(out.length() - ",(?)".length());
        } else if (endsWith("(?), (?)")) {
            out.setLength(out.length() - ", (?)".length());
        }
    }

    private void literal() {
        if (depth > 0 && endsWith("?,")) {
            out.setLength(out.length() - 1);
        } else {
            separate();
            out.append('?');
        }
        space = false;
    }

    private void emit(int start) {
        separate();
        for (int i = start; i < at; i++) {
            out.append((char) (sql[i] & 0xFF));
        }
    }

    private void separate() {
        if (space && !out.isEmpty() && !endsWith("(") && !endsWith("[")) {
            out.append(' ');
        }
        space = false;
    }

    private boolean endsWith(String tail) {
        int from = out.length() - tail.length();
        return from >= 0 && out.indexOf(tail, from) == from;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || (octet >= '\t' && octet <= '\r');
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Of a name; as PostgreSQL has it, every byte that is not ASCII is one. */
    private static boolean isLetter(byte octet) {
        return octet < 0 || octet == '_' || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }
}
