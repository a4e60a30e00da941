package dev.turnout.bench.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgTargetTest {
    @Test
    void readsWhatAUrlSays() {
        PgTarget target = PgTarget
                .of("postgresql://m%40e:a:b%2Fc+d@db.example:6432/my%20shop?sslmode=require&application_name=x");

        assertThat(target.user()).isEqualTo("m@e");
        assertThat(target.password()).isEqualTo("a:b/c+d");
        assertThat(target.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/my%20shop");
        assertThat(target.properties()).containsEntry("sslmode", "require")
                .containsEntry("ApplicationName", "x").containsEntry("password", "a:b/c+d");
    }

    @Test
    void hasThePortOfPostgresAndNoPasswordByDefault() {
        PgTarget target = PgTarget.of("postgres://me@[::1]/shop");

        assertThat(target.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/shop");
        assertThat(target.properties()).doesNotContainKey("password").containsEntry("ApplicationName",
                "turnout bench");
    }

    @Test
    void tellsNobodyThePassword() {
        assertThat(PgTarget.of("postgresql://me:secret@h/shop?sslmode=require"))
                .hasToString("postgresql://me@h:5432/shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://me:secret@h/shop", "postgresql://h/shop", "postgresql://:secret@h/shop",
        "postgresql://me:secret@/shop", "postgresql://me:secret@h", "postgresql://me:secret@h/",
        "postgresql://me:secret@h/shop/x", "postgresql://me:secret@h:0/shop",
        "postgresql://me:secret@h:65536/shop", "postgresql://me:sec ret@h/shop",
        "postgresql://me:secret%zz@h/shop", "postgresql://me:a@secret@h/shop",
        "postgresql://me:secret@h/shop?user=x", "postgresql://me:secret@h/shop?sslmode", "me@h/shop", ""})
    void refusesWhatIsNoTargetAndKeepsThePasswordToItself(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> PgTarget.of(url))
                .withMessageStartingWith("url: ")
                .withMessageContaining("(expected: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "sec ret"));
    }
}
