package dev.turnout.proxy.pg.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalisedSqlTest {
    private static final int STATEMENTS = Boolean.getBoolean("turnout.drills") ? 200_000 : 3000;
    /** Characters that stand nowhere but in values and comments. */
    private static final String SECRET = "jqxz23456789";
    /** What may stand in any of them as well. */
    private static final String NOISE = " \t\n?,()$-/*aE";
    private static final List<String> AROUND = List.of("select", " from t ", "where a = ", ", ", "(", ")",
            " in (", "$1",
            "\"Name\"", "::name", "\n", " and ", "E", "u&", "[", "]", "+", " - ", ".", ";", "/", "*", "&",
            "b_0");

    private static String of(String sql) {
        return NormalisedSql.of(sql.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            select 'it''s' || 'b'                     => select ? || ?
            select E'it\\'s', e'\\\\', U&'\\0061'     => select ?, ?, ?
            select b'01', X'1F', n'a'                 => select ?, ?, ?
            select 1e5, 0x1F, 1_000, .5, 1.5e-3, 7    => select ?, ?, ?, ?, ?, ?
            select a.b1, c$1, $1, $12 from t2         => select a.b1, c$1, $1, $12 from t2
            select "It's ""1"" " from "t"              => select "It's ""1"" " from "t"
            do $$ begin 'x'; end $$                   => do ?
            do $a$ $b$ $a1$ $a$ || $_1$x$_1$          => do ? || ?
            select /* 'a' /* b */ 1 */ 2 -- 'c'       => select ?
            where a in (1, 'b',3 , -4) and b in (5)   => where a in (?) and b in (?)
            insert into t values (1, 'a'), (2, 'b'),(3, 'c') => insert into t values (?)
            select f( a ,  1 , 2)  from   t           => select f(a, ?) from t
            a = -1 and b=- 2                          => a = -? and b=- ?
            (prepared earlier)                        => (prepared earlier)
            select 'never closed                      => select ?
            select E'never closed\\                   => select ?
            do $body$ never closed $body              => do ?
            select "name                              => select "name
            select 1 /* never closed                  => select ?
            """)
    void keepsTheShapeAndNotTheValues(String sql, String normalised) {
        assertThat(of(sql)).isEqualTo(normalised);
    }

    @Test
    void aStringThatGoesOnInTheNextLineIsOne() {
        assertThat(of("select 'a' -- more\n 'b', E'c'\n'd\\'e' 'f'")).isEqualTo("select ?, ? ?");
    }

    @Test
    void whatBelongsToNoStatementIsNotRead() {
        assertThat(of("select 1\0\0\0secret")).isEqualTo("select ?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select 'a\\' secret", "select E'\u00e9\\' secret", "select 'a\\'', secret"})
    void leavesOutWhatDependsOnASettingThatIsNotKnown(String sql) {
        assertThat(of(sql)).isEqualTo("select ?…");
    }

    @Test
    void isCutBehindAThousandCharacters() {
        assertThat(of("ä".repeat(1000))).isEqualTo("ä".repeat(1000));
        assertThat(of("ä".repeat(3000))).isEqualTo("ä".repeat(1000) + "…");
        assertThat(of("a" + "😀".repeat(1500))).isEqualTo("a" + "😀".repeat(499) + "…");
    }

    @Test
    void controlCharactersAreVisible() {
        assertThat(of("select \"a\n\u001b[2J\u0085\u202e\" \u0007"))
                .isEqualTo("select \"a\\xa\\x1b[2J\\x85\\x202e\" \\x7");
    }

    /** One value as it stands in SQL, or a comment. */
    private static String value(SplittableRandom random) {
        String text = text(random);
        String digits = random.ints(1 + random.nextInt(5), 2, 10)
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
        return switch (random.nextInt(15)) {
            case 0 -> "'" + text.replace("'", "''") + "'";
            case 1 ->
                "E'" + text.replace("\\", "\\\\").replace("'", random.nextBoolean() ? "\\'" : "''") + "'";
            case 2 -> "U&'\\0061" + text.replace("'", "''") + "'";
            case 3 -> "B'" + digits + "'";
            case 4 -> "X'" + digits + "'";
            case 5 -> "N'" + text.replace("'", "''") + "'";
            case 6 -> "$$" + text.replace("$", "") + "$$";
            case 7 -> "$tag_1$" + text + "$$ $tag$$tag_1$";
            case 8 -> digits + "." + digits + (random.nextBoolean() ? "e-" + digits : "");
            case 9 -> "0x" + digits + "_" + digits;
            case 10 -> "." + digits;
            case 11 ->
                "/* " + text.replace("/", "").replace("*", "") + " /* " + digits + " */ " + digits + "*/";
            case 12 -> "--" + text.replace("\n", "") + "\n";
            // As strings are with standard_conforming_strings off.
            case 13 -> "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
            default -> "e'" + text.replace("\\", "").replace("'", "''") + "'-- " + digits + "\n '"
                    + text.replace("\\", "").replace("'", "''") + "'";
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append('\'');
                case 1 -> text.append('\\');
                case 2 -> text.append(NOISE.charAt(random.nextInt(NOISE.length())));
                case 3 -> text.append('"');
                default -> text.append(SECRET.charAt(random.nextInt(SECRET.length())));
            }
        }
        return text.toString();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20261120})
    void noValueIsInTheAnswerWhereverTheStatementIsCut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int placeholders = 0;
        for (int i = 0; i < STATEMENTS; i++) {
            StringBuilder sql = new StringBuilder("select ");
            for (int left = 1 + random.nextInt(8); left > 0; left--) {
                sql.append(AROUND.get(random.nextInt(AROUND.size()))).append(' ').append(value(random))
                        .append(' ');
            }
            byte[] whole = sql.toString().getBytes(StandardCharsets.UTF_8);
            for (int cut = 0; cut <= whole.length; cut++) {
                String normalised = NormalisedSql.of(Arrays.copyOf(whole, cut));
                if (normalised.chars().anyMatch(c -> SECRET.indexOf(c) >= 0)) {
                    assertThat(normalised)
                            .as("seed %s, statement %s, cut at %s: a value of %s", seed, i, cut, sql)
                            .isEmpty();
                }
            }
            placeholders += NormalisedSql.of(whole).contains("?") ? 1 : 0;
        }
        assertThat(placeholders).as("else hardly a value is replaced").isGreaterThan(STATEMENTS / 2);
    }
}
