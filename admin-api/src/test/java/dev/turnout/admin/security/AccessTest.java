package dev.turnout.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.admin.security.Access.Login;
import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final Secret TOKEN = new Secret("abc");
    private static final TokenConfig LOOKER = new TokenConfig("looker", Role.VIEWER, TOKEN);

    private final Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final Access access = new Access(List.of(LOOKER), new SecureRandom(), () -> now);

    @Test
    void opensASessionForTheOwnerOfAToken() {
        Login login = access.login(TOKEN).orElseThrow();
        assertThat(login.session())
                .isEqualTo(new Session(new Principal("looker", Role.VIEWER), now.plus(Duration.ofHours(12))));
        assertThat(access.session(login.id())).hasValue(login.session());
        assertThat(access.login(new Secret("abcd"))).isEmpty();
    }

    @Test
    void neverPrintsAnId() {
        assertThat(access.login(TOKEN).orElseThrow().toString()).contains("redacted")
                .doesNotContainPattern("[0-9a-f]{64}");
    }

    @Test
    void letsTheOldestGiveWay() {
        List<Secret> ids = new ArrayList<>();
        for (int i = 0; i <= Sessions.MAX; i++) {
            ids.add(access.login(TOKEN).orElseThrow().id());
        }
        assertThat(access.session(ids.getFirst())).isEmpty();
        assertThat(access.session(ids.get(1))).isPresent();
        assertThat(access.session(ids.getLast())).isPresent();
    }

    @Test
    void endsASessionWhoseTokenWasReplacedUnderTheSameName() {
        Secret id = access.login(TOKEN).orElseThrow().id();
        access.replace(List.of(LOOKER));
        assertThat(access.session(id)).isPresent();
        access.replace(List.of(new TokenConfig("looker", Role.VIEWER, new Secret("new"))));
        assertThat(access.session(id)).as("the old token may have leaked").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "turnout_session", "turnout_session=", "turnout_session=abc",
        "Turnout_session=%s",
        "turnout_session=%s, turnout_session=%s", "turnout_session=\"%s\"", "turnout_session=%s x",
        "turnout_session==%s", "x=turnout_session=%s"})
    void readsNoCookieThatIsNotOurs(String line) {
        assertThat(SessionCookie.of(List.of(line.replace("%s", "a".repeat(64))))).isEmpty();
    }

    @Test
    void readsOurCookieAmongOthers() {
        String ours = "turnout_session=" + "0".repeat(64);
        assertThat(SessionCookie.of(List.of("a=1;" + ours + " ; b=2"))).hasValue(new Secret("0".repeat(64)));
        assertThat(SessionCookie.of(List.of("a=1", ours))).isPresent();
        assertThat(SessionCookie.of(List.of(ours, ours))).isEmpty();
        assertThat(SessionCookie.of(List.of())).isEmpty();
    }
}
