package dev.turnout.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What a misspelt word was probably meant to be: the nearest of the allowed ones, if one is near. */
final class Suggestion {
    private static final int MAX_LENGTH = 64;

    private Suggestion() {}

    static Optional<String> among(Collection<String> allowed, String word) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return allowed.stream()
                .filter(candidate -> distance(candidate, word) <= tolerance(candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(candidate, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int tolerance(String candidate) {
        return Math.clamp(candidate.length() / 3, 1, 3);
    }

    /** Optimal string alignment: letters put in, left out, changed, or swapped with their neighbour. */
    private static int distance(String candidate, String word) {
        String a = plain(candidate);
        String b = plain(word);
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int step(int[][] edits, String a, String b, int i, int j) {
        int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(edits[i - 1][j], edits[i][j - 1]) + 1, edits[i - 1][j - 1] + changed);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
    }

    /** stateDir, state_dir and state-dir are one word. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
