package dev.turnout.config;

import com.typesafe.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the parser has to say about a file, in words that hold nothing of the file. The parser quotes what it stumbles
 * over, and that may be a secret.
 */
final class SyntaxMessage {
    static final String ALLOWED = "HOCON, with texts in double quotes";

    /** What its messages mean, the first that is found counts. */
    private static final Map<Pattern, String> MEANINGS = new LinkedHashMap<>();

    static {
        means("newline' \\(JSON does not allow|string quote was still open",
                "a quoted text that does not end");
        means("triple-quoted string was still open", "a text in triple quotes that does not end");
        means("JSON does not allow unescaped", "a control character in a quoted text");
        means("escape", "a backslash that begins no escape");
        means("Substitution \\$\\{ was not closed", "a substitution that does not end");
        means("'\\$' not followed by", "a $ outside quotes that begins no substitution");
        means("Reserved character '(\\p{Punct})'", "$1 outside quotes");
        means("may not be followed by token", "a key without a value");
        means("(?:, got|token:|not:) end of file", "the end of the file, where something is still open");
        means("unbalanced close brace", "a } that closes nothing");
        means("(?:, got|token:|not:) ':'", "a colon outside quotes");
        means("^expecting a close parentheses", "something that is no key");
        means("^expecting include parameter", "an include without a file name in quotes");
        means("at file root", "a list around everything");
        means("cycle of substitutions", "substitutions that go in a circle");
    }

    private static final Pattern PLACE = Pattern.compile("^(?:merge of )?@\\d+(?:: \\d+(?:-\\d+)?)?: ");
    private static final Pattern UNQUOTED = Pattern.compile("^[^'\"`:,(]*");

    private SyntaxMessage() {}

    private static void means(String said, String meaning) {
        MEANINGS.put(Pattern.compile(said), meaning);
    }

    static String of(ConfigException e) {
        String said = PLACE.matcher(Optional.ofNullable(e.getMessage()).orElse("")).replaceFirst("");
        for (Map.Entry<Pattern, String> meaning : MEANINGS.entrySet()) {
            Matcher matcher = meaning.getKey().matcher(said);
            if (matcher.find()) {
                return matcher.groupCount() > 0
                        ? meaning.getValue().replace("$1", matcher.group(1))
                        : meaning.getValue();
            }
        }
        return beginning(said);
    }

    /** The message up to the first thing that it may quote. */
    private static String beginning(String said) {
        Matcher matcher = UNQUOTED.matcher(said);
        String safe = matcher.find() ? matcher.group().strip() : "";
        return safe.isEmpty()
                ? "something that does not parse"
                : safe.substring(0, 1).toLowerCase(Locale.ROOT) + safe.substring(1);
    }
}
