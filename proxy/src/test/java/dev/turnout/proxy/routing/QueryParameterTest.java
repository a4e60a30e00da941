package dev.turnout.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParameterTest {
    private static final int OFFSET = 2;

    private static String value(String query, String name) {
        byte[] into = new byte[200];
        byte[] bytes = ("?" + query + "&uid=behind").getBytes(StandardCharsets.UTF_8);
        int to = 1 + query.getBytes(StandardCharsets.UTF_8).length;
        int length = QueryParameter.value(bytes, 1, to, name.getBytes(StandardCharsets.UTF_8), into, OFFSET);
        return length == RequestFacts.ABSENT
                ? "absent"
                : new String(into, OFFSET, length, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"uid=7|7", "a=b&uid=7|7", "uid=7&a=b|7", "uid=1&uid=2|1", "uid=|''",
        "uid|''",
        "a&uid|''", "uid=a=b|a=b", "uid=a+b|'a b'", "uid=a%20b|'a b'", "uid=%C3%A4|\u00E4", "%75id=7|7",
        "u%69d=7|7",
        "uid=%4|%4", "uid=%|%", "uid=%zz|%zz", "uid=%41%|A%", "&&uid=7|7"})
    void isReadAsTheApplicationWillReadIt(String query, String value) {
        assertThat(value(query, "uid")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "=", "uidx=7", "xuid=7", "UID=7", "u=id=7", "a=uid=7", "=7"})
    void isAbsent(String query) {
        assertThat(value(query, "uid")).isEqualTo("absent");
    }

    @Test
    void aNameMayBeAnyText() {
        assertThat(value("a+b%3D=7", "a b=")).isEqualTo("7");
    }
}
