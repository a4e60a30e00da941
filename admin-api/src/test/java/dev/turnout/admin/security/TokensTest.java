package dev.turnout.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private final Tokens tokens = new Tokens(
            List.of(new TokenConfig("looker", Role.VIEWER, new Secret("abc")),
                    new TokenConfig("ops", Role.OPERATOR, new Secret("abcd"))));

    @Test
    void knowsTheOwnerOfEachToken() {
        assertThat(tokens.owner(new Secret("abc"))).hasValue(new Principal("looker", Role.VIEWER));
        assertThat(tokens.owner(new Secret("abcd"))).hasValue(new Principal("ops", Role.OPERATOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "abce", "ABC", "abc ", "abcde", "looker", "ops"})
    void knowsNoOwnerOfAnythingElse(String token) {
        assertThat(tokens.owner(new Secret(token))).as("only the whole token opens").isEmpty();
    }

    @Test
    void letsARoleDoWhatLowerRolesMay() {
        assertThat(new Principal("x", Role.ADMIN).may(Role.OPERATOR)).isTrue();
        assertThat(new Principal("x", Role.OPERATOR).may(Role.OPERATOR)).isTrue();
        assertThat(new Principal("x", Role.VIEWER).may(Role.OPERATOR)).isFalse();
        assertThat(new Principal("x", Role.OPERATOR).may(Role.ADMIN)).isFalse();
    }
}
