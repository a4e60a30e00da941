package dev.turnout.proxy.pg.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The settings in the {@code options} of a startup packet, found as PostgreSQL finds them: words at white space that has
 * no backslash before it (pg_split_opts), then switches as glibc's getopt reads them (process_postgres_switches), so that
 * {@code -ec work_mem=1MB} is seen as well. What a server would refuse is left for it to refuse.
 */
final class Options {
    /** The switches of {@code postgres} that have a value; all others have none. */
    private static final String WITH_VALUE = "BCDcdfhkNprStvW-";

    /**
     * One {@code -c name=value} or {@code --name=value}.
     *
     * @param name in small letters, with {@code _} for {@code -}
     * @param from where it begins in the text
     * @param to where what is left goes on
     */
    record Setting(String name, String value, int from, int to) {}

    /** @param at where each of its characters begins in the text, backslash included, and where the word ends */
    private record Word(String text, List<Integer> at) {
        int start() {
            return at.getFirst();
        }

        int end() {
            return at.getLast();
        }
    }

    private Options() {}

    static List<Setting> settings(String text) {
        List<Setting> settings = new ArrayList<>();
        List<Word> words = words(text);
        for (int i = 0; i < words.size() && !words.get(i).text().equals("--"); i++) {
            Word word = words.get(i);
            int at = valueSwitch(word.text());
            if (at < 0) {
                continue;
            }
            boolean nextWord = at + 1 == word.text().length();
            if (nextWord && ++i == words.size()) {
                break;
            }
            String value = nextWord ? words.get(i).text() : word.text().substring(at + 1);
            int equals = value.indexOf('=');
            char letter = word.text().charAt(at);
            if ((letter == 'c' || letter == '-') && equals >= 0) {
                boolean alone = at == 1;
                int end = words.get(i).end();
                settings.add(new Setting(lowerCase(value.substring(0, equals)).replace('-', '_'),
                        value.substring(equals + 1),
                        alone ? word.start() : word.at().get(at), alone ? skipBlanks(text, end) : end));
            }
        }
        return settings;
    }

    /** Where in the word the letter of a switch with a value stands; -1 when there is none. */
    private static int valueSwitch(String word) {
        if (!word.startsWith("-")) {
            return -1;
        }
        for (int i = 1; i < word.length(); i++) {
            if (WITH_VALUE.indexOf(word.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** The text without the settings of these names; everything else as it stands. */
    static String without(String text, Predicate<String> names) {
        StringBuilder kept = new StringBuilder();
        int at = 0;
        for (Setting setting : settings(text)) {
            if (names.test(setting.name())) {
                kept.append(text, at, setting.from());
                at = setting.to();
            }
        }
        return kept.append(text, at, text.length()).toString();
    }

    private static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        int i = skipBlanks(text, 0);
        while (i < text.length()) {
            StringBuilder word = new StringBuilder();
            List<Integer> at = new ArrayList<>();
            while (i < text.length() && !isBlank(text.charAt(i))) {
                at.add(i);
                i += text.charAt(i) == '\\' ? 1 : 0;
                if (i < text.length()) {
                    word.append(text.charAt(i++));
                }
            }
            at.add(i);
            words.add(new Word(word.toString(), at));
            i = skipBlanks(text, i);
        }
        return words;
    }

    private static int skipBlanks(String text, int from) {
        int i = from;
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** As isspace() of C. */
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** As PostgreSQL compares the names of settings: only ASCII has letter case. */
    static String lowerCase(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }
}
