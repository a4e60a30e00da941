package dev.turnout.config;

/**
 * How deep objects and lists are nested. Asked before parsing, because the parser calls itself for each level and a
 * file must not be able to exhaust the stack.
 */
final class Nesting {
    static final int MAX_DEPTH = 64;

    private final String text;
    private int at;

    private Nesting(String text) {
        this.text = text;
    }

    /** The line where it gets deeper than {@link #MAX_DEPTH}; 0 when it never does. */
    static int lineTooDeep(String text) {
        return new Nesting(text).lineTooDeep();
    }

    private int lineTooDeep() {
        int depth = 0;
        for (; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth = Math.max(0, depth - 1);
                case '"' -> skipQuoted();
                case '#' -> skipLine();
                case '/' -> {
                    if (text.startsWith("//", at)) {
                        skipLine();
                    }
                }
                default -> {
                }
            }
            if (depth > MAX_DEPTH) {
                return 1 + (int) text.chars().limit(at).filter(c -> c == '\n').count();
            }
        }
        return 0;
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    /** Ends on the closing quote; a quoted text ends with its line at the latest, a triple-quoted one does not. */
    private void skipQuoted() {
        if (text.startsWith("\"\"\"", at)) {
            int end = text.indexOf("\"\"\"", at + 3);
            at = end < 0 ? text.length() : end + 2;
            return;
        }
        at++;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
    }
}
