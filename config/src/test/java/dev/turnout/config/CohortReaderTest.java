package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CohortReaderTest {
    @TempDir
    Path folder;

    private Optional<CohortConfig> cohort(String keys) {
        return new Loading(folder).valid(Shop.with("split.cohort { " + keys + " }")).routes().getFirst()
                .split()
                .cohort();
    }

    private Problem problem(String keys) {
        return new Loading(folder).problem(Shop.with("split.cohort { " + keys + " }"));
    }

    @Test
    void usersAreToldApartByOneThing() {
        assertThat(cohort("header = X-User"))
                .contains(new CohortConfig(new RequestKey.Header("X-User"), false));
        assertThat(cohort("query = uid")).contains(new CohortConfig(new RequestKey.Query("uid"), false));
        assertThat(cohort("client-ip = true"))
                .contains(new CohortConfig(new RequestKey.ClientAddress(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-uid", "__Secure-uid"})
    void aCookieThatBrowsersWouldNotKeepIsNotMinted(String name) {
        assertThat(problem("cookie = " + name).toString()).contains("split.cohort.cookie").contains(name)
                .contains("another name, or mint = false");
        assertThat(cohort("cookie = " + name + "\nmint = false")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"cookie = uid,true", "'cookie = uid, mint = true',true", "'cookie = uid, mint = false',false",
        "'cookie = uid, client-ip = false',true"})
    void aCookieIsMintedUnlessTheRouteSaysOtherwise(String keys, boolean mint) {
        assertThat(cohort(keys)).contains(new CohortConfig(new RequestKey.Cookie("uid"), mint));
    }

    @Test
    void withoutASectionEachRequestIsDecidedByItself() {
        assertThat(new Loading(folder).valid(Shop.with("split.cohort = null")).routes().getFirst().split()
                .cohort())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"|none of them", "client-ip = false|none of them",
        "mint = true|none of them", "cookie = a, header = b|cookie and header",
        "query = a, client-ip = true|query and client-ip",
        "cookie = a, header = b, query = c, client-ip = true, mint = true|cookie and header and query and client-ip"})
    void anythingButOneIsAProblem(String keys, String found) {
        Problem problem = problem(keys == null ? "" : keys);

        assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.cohort");
        assertThat(problem.found()).isEqualTo(found);
        assertThat(problem.allowed()).isEqualTo("one of cookie, header, query, client-ip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"header = a", "query = a", "client-ip = true"})
    void onlyACookieIsMinted(String key) {
        for (String mint : new String[]{"true", "false"}) {
            Problem problem = problem(key + "\nmint = " + mint);

            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.key()).isEqualTo("turnout.routes.shop.split.cohort.mint");
            assertThat(problem.found())
                    .isEqualTo("\"" + mint + "\", where users are told apart by "
                            + key.replaceFirst(" =.*", ""));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CohortConfig(new RequestKey.Query("a"), true));
    }

    @Test
    void oneThatIsMisspeltIsOneProblem() {
        assertThat(problem("clientIP = true").suggestion()).contains("client-ip");
    }
}
