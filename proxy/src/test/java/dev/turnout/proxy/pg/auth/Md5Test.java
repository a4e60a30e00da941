package dev.turnout.proxy.pg.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Md5Test {
    /** What PostgreSQL 15 keeps for role m with password secret. */
    private static final String KEPT = "md5b52328d7451bfeace80c4b8c338106f9";
    private static final byte[] SALT = {1, 2, 3, 4};

    @Test
    void hashesAsPostgresDoes() {
        assertThat(Md5.hash("secret", "m")).isEqualTo(KEPT);
    }

    @Test
    void answersASalt() {
        byte[] answer = Md5.response(new Secret(KEPT), SALT);
        assertThat(answer).asString(StandardCharsets.US_ASCII)
                .isEqualTo("md5b441c8c79190ee049d2b529b74d69aa7");
        assertThat(Md5.matches(new Secret(KEPT), SALT, answer)).isTrue();
        assertThat(Md5.matches(new Secret(KEPT), new byte[]{1, 2, 3, 5}, answer)).as("replayed").isFalse();
        assertThat(Md5.matches(new Secret(Md5.hash("Secret", "m")), SALT, answer)).isFalse();
        assertThat(Md5.matches(new Secret(KEPT), SALT, new byte[0])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5", "secret", "md5B52328D7451BFEACE80C4B8C338106F9",
        "md5b52328d7451bfeace80c4b8c338106f",
        "md5b52328d7451bfeace80c4b8c338106f99"})
    void anotherTextIsNoHash(String text) {
        assertThat(Md5.isHash(text)).isFalse();
        assertThatThrownBy(() -> new Credentials.Md5(new Secret(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hash: not shown (expected: md5 and 32 hexadecimal digits)");
    }
}
