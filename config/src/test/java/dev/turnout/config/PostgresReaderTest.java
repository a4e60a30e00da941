package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route for PostgreSQL says. */
class PostgresReaderTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String SCRAM = "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$" + KEY + ":" + KEY;
    private static final String MD5 = "md50123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private RouteConfig route(String text) {
        return new Loading(folder).valid(text).routes().getFirst();
    }

    private PostgresConfig database(String more) {
        return route(Shop.database(more)).postgres().orElseThrow();
    }

    private PostgresAuth auth(String auth) {
        return route(Shop.databaseWithoutAuth("a:1", "auth { " + auth + " }")).postgres().orElseThrow()
                .auth();
    }

    private Problem problem(String more) {
        return new Loading(folder).problem(Shop.database(more));
    }

    private Problem authProblem(String auth) {
        return new Loading(folder).problem(Shop.databaseWithoutAuth("a:1", "auth { " + auth + " }"));
    }

    @Test
    void whatIsLeftOutHasTheDocumentedDefault() {
        RouteConfig route = route(Shop.database(""));

        assertThat(route.postgres()).contains(new PostgresConfig(DataKind.REPLICATED,
                new PostgresAuth(PostgresAuth.Mode.PASS_THROUGH, Optional.of(new PostgresAuth.Query("turnout",
                        Optional.empty(),
                        "SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE rolpassword END"
                                + " FROM pg_catalog.pg_authid WHERE rolname = $1 AND rolcanlogin",
                        Optional.empty())), List.of(), Map.of()),
                Optional.empty(),
                Map.of(Target.BLUE, TlsClientConfig.DEFAULT, Target.GREEN, TlsClientConfig.DEFAULT),
                Duration.ofSeconds(2), Duration.ofSeconds(10), 20_000, 1000, Optional.empty()));
        assertThat(route.match()).isEqualTo(MatchConfig.ANY);
        assertThat(route.split().overrides()).isEmpty();
    }

    @Test
    void aRouteForHttpHasNone() {
        assertThat(route(Shop.with("")).postgres()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"replicated,REPLICATED", "shared,SHARED", "independent,INDEPENDENT"})
    void dataIsOneOfThree(String written, DataKind data) {
        assertThat(database("data = " + written).data()).isEqualTo(data);
    }

    @Test
    void transactionsAreNotPooledYet() {
        assertThat(database("mode = session")).isEqualTo(database(""));
        assertThat(problem("mode = transaction").found()).contains("transaction", NotYet.FOUND);
    }

    @ParameterizedTest
    @CsvSource({"1ms,1", "10m,600000", "1.5s,1500"})
    void authenticationHasItsTime(String written, long millis) {
        assertThat(database("timeouts.authenticate = " + written).authenticateTimeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void limitsAndSharedKeysAreReadToTheirBounds() {
        PostgresConfig least = database(
                "limits { connections = 1, unauthenticated = 1 }, slow-statement = 0s");
        PostgresConfig most = database(
                "limits { connections = 1000000, unauthenticated = 1000000 }, slow-statement = 24h\n"
                        + "timeouts.connect = 60s");

        assertThat(least.connections()).isOne();
        assertThat(least.unauthenticated()).isOne();
        assertThat(least.slowStatement()).contains(Duration.ZERO);
        assertThat(most.connections()).isEqualTo(1_000_000);
        assertThat(most.unauthenticated()).isEqualTo(1_000_000);
        assertThat(most.slowStatement()).contains(Duration.ofHours(24));
        assertThat(most.connectTimeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"users = [ { name = a, password = b } ]|USERS",
        "users = []|USERS", "mode = users, users = []|USERS", "query.user = a|PASS_THROUGH",
        "query.user = a, users = []|PASS_THROUGH", "mode = users, query.user = a|USERS",
        "mode = pass-through, query.user = a|PASS_THROUGH"})
    void theModeFollowsFromWhatIsWritten(String auth, PostgresAuth.Mode mode) {
        assertThat(auth(auth).mode()).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auth {}", "auth.mode = pass-through",
        "auth { mode = pass-through, users = [] }"})
    void passThroughNeedsAQueryAndTheProblemNamesTheAlternatives(String auth) {
        Problem problem = new Loading(folder).problem(Shop.databaseWithoutAuth("127.0.0.1:1", auth));

        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth.query");
        assertThat(problem.found()).isEqualTo("nothing, where mode = pass-through");
        assertThat(problem.allowed()).contains("query {", "users", "users-file", "trust");
    }

    @Test
    void usersMustComeFromSomewhere() {
        assertThat(authProblem("mode = users").found()).isEqualTo("none of them, where mode = users");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "localhost:1"})
    void nobodyNeedsToBeAskedOnLoopback(String listen) {
        assertThat(
                route(Shop.databaseWithoutAuth(listen, "auth.mode = trust")).postgres().orElseThrow().auth()
                        .mode())
                .isEqualTo(PostgresAuth.Mode.TRUST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "db.example:1", "localhost.example:1"})
    void elsewhereEveryoneIsAsked(String listen) {
        Problem problem = new Loading(folder).problem(Shop.databaseWithoutAuth(listen, "auth.mode = trust"));

        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth.mode");
        assertThat(problem.found()).as("else anyone who reaches the port is any user").contains("trust",
                listen);
        assertThat(problem.allowed()).contains("loopback");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"query.user = a|query", "users = []|users"})
    void loginsThatNobodyAsksForAreAProblem(String keys, String key) {
        Problem problem = new Loading(folder)
                .problem(Shop.databaseWithoutAuth("127.0.0.1:1", "auth { mode = trust, " + keys + " }"));

        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth." + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {SCRAM, MD5})
    void aVerifierIsAsPostgresKeepsIt(String verifier) {
        assertThat(auth("users = [ { name = a, verifier = \"" + verifier + "\" } ]").users())
                .containsExactly(new PostgresAuth.User("a", new Secret(verifier)));
        assertThat(auth("users = [ { name = a, password = \"" + verifier + "\" } ]").users())
                .containsExactly(new PostgresAuth.User("a", new Secret(verifier)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256$0:c2FsdHNhbHQ=$K:K", "SCRAM-SHA-256$:c2FsdHNhbHQ=$K:K",
        "SCRAM-SHA-256$4096:$K:K", "SCRAM-SHA-256$4096:c2FsdHNhbHQ$K:K", "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$K",
        "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$K:QUJD", "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$QUJD:K",
        "SCRAM-SHA-256$4096:c2FsdHNhbHQ=$K:K ", "SCRAM-SHA-256$4096:c2=sdHNhbHQ=$K:K",
        "SCRAM-SHA-256$1234567890:c2FsdHNhbHQ=$K:K", "SCRAM-SHA-256", "scram-sha-256$4096:c2FsdHNhbHQ=$K:K",
        "MD50123456789abcdef0123456789abcdef"})
    void aBrokenVerifierIsAProblemThatHidesIt(String shape) {
        String verifier = shape.replaceAll("\\bK\\b", KEY);
        Problem problem = authProblem("users = [ { name = a, verifier = \"" + verifier + "\" } ]");

        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth.users[0].verifier");
        assertThat(problem.found()).isEqualTo("a value that is not shown");
        assertThat(problem.toString()).doesNotContain(KEY, "c2FsdHNhbHQ");
    }

    @Test
    void aUserWithoutASecretIsLeftOutWithAWarning() {
        String text = Shop.databaseWithoutAuth("a:1",
                "auth.users = [ { name = app, password = ${?APP_PASSWORD} }, { name = b, password = c } ]");
        List<Problem> warnings = new Loading(folder).warnings(text);

        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().line()).isEqualTo(3);
        assertThat(warnings.getFirst().found())
                .isEqualTo("${?APP_PASSWORD} is not set, so this entry is ignored");
        assertThat(route(text).postgres().orElseThrow().auth().users())
                .containsExactly(new PostgresAuth.User("b", new Secret("c")));
    }

    @Test
    void aUserHasOneSecret() {
        assertThat(authProblem("users = [ { name = a, password = b, verifier = " + MD5 + " } ]").found())
                .isEqualTo("password and verifier");
    }

    @Test
    void aUserIsListedOnce() {
        Problem problem = authProblem("users = [ { name = a, password = b }\n{ name = a, password = c } ]");

        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.key()).isEqualTo("turnout.routes.db.auth.users[1].name");
        assertThat(problem.found()).endsWith(Loading.FILE + ":3");
    }

    @Test
    void certificatesNeedAnAuthority() {
        String certificates = "auth.certificates { \"report.example\" = report }";
        String tls = "\ntls { certificate = a, private-key = b, client-ca = c }";

        assertThat(problem(certificates).found()).contains("tls.client-ca");
        assertThat(database(certificates + tls).auth().certificates())
                .isEqualTo(Map.of("report.example", "report"));
    }

    @Test
    void tlsForClientsIsOptionalUnlessItSaysOtherwise() {
        assertThat(database("tls { certificate = \"tls/a.crt\", private-key = \"/k\" }").tls())
                .contains(new TlsServerConfig(folder.resolve("tls/a.crt"), Path.of("/k"), Optional.empty(),
                        Optional.empty(), false, false));
        assertThat(problem("tls { certificate = a, private-key = b, client-certificate = required }").found())
                .contains("client-ca");
        assertThat(new Loading(folder).places(Shop.database("tls {}"))).containsExactly(
                "3 turnout.routes.db.tls.certificate", "3 turnout.routes.db.tls.private-key");
    }

    @ParameterizedTest
    @CsvSource({"disable,DISABLE", "allow,ALLOW", "prefer,PREFER", "require,REQUIRE", "verify-ca,VERIFY_CA",
        "verify-full,VERIFY_FULL"})
    void tlsToEndpointsIsAsLibpqNamesIt(String written, TlsMode mode) {
        PostgresConfig config = database("green.tls.mode = " + written);

        assertThat(config.side(Target.GREEN).mode()).isEqualTo(mode);
        assertThat(config.side(Target.BLUE).mode()).isEqualTo(TlsMode.PREFER);
    }

    @ParameterizedTest
    @CsvSource({"disable,1", "allow,1", "prefer,1", "require,0", "verify-ca,0", "verify-full,0"})
    void anAuthorityThatNobodyAsksIsAWarning(String mode, int warnings) {
        assertThat(new Loading(folder).warnings(Shop.database("blue.tls { ca = a, mode = " + mode + " }")))
                .hasSize(warnings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"user = a|user=[a]", "user = [a, b]|user=[a, b]",
        "database = 5|database=[5]", "application = \"my app\"|application_name=[my app]",
        "startup { TimeZone = \"+2\" }|timezone=[+2]", "startup { \"app.tenant\" = a }|app.tenant=[a]"})
    void aRuleLooksAtStartupParameters(String when, String startup) {
        RuleConfig rule = route(Shop.database("rules = [ { when { " + when + " }, to = blue } ]")).split()
                .rules()
                .getFirst();

        assertThat(rule.when().startup()).hasToString("{" + startup + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"user = true|startup parameter user",
        "application = true|startup parameter application_name", "client-ip = true|client-ip",
        "startup-parameter = TimeZone|startup parameter TimeZone",
        "user = false, application = true|startup parameter application_name"})
    void usersAreToldApartByOneThing(String cohort, String key) {
        assertThat(
                route(Shop.database("split.cohort { " + cohort + " }")).split().cohort().orElseThrow().key())
                .hasToString(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"|none of them", "user = false|none of them",
        "user = true, application = true|user and application"})
    void anythingButOneIsAProblemThatNamesWhatTheProtocolHas(String cohort, String found) {
        Problem problem = problem("split.cohort { " + (cohort == null ? "" : cohort) + " }");

        assertThat(problem.found()).isEqualTo(found);
        assertThat(problem.allowed()).isEqualTo("one of user, application, startup-parameter, client-ip");
    }

    @Test
    void aStartupOptionForcesASide() {
        assertThat(route(
                Shop.database("split.overrides = [ { startup-option = \"turnout.target\", value = green, "
                        + "to = green, read-only = true } ]"))
                .split().overrides()).containsExactly(
                        new ForcedSide(new RequestKey.Startup("turnout.target"), "green", Target.GREEN,
                                List.of(), true));
        assertThat(problem("split.overrides = [ { value = green, to = blue } ]").allowed())
                .isEqualTo("one of startup-option");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"expose-target = true|expose-target", "headers.via = false|headers",
        "match.host = a|match", "timeouts.head = 1s|timeouts.head", "timeouts.idle = 1s|timeouts.idle",
        "timeouts.request = 1s|timeouts.request", "timeouts.tunnel = 1s|timeouts.tunnel",
        "timeouts.pool = 1s|timeouts.pool", "limits.body = 1B|limits.body", "health.path = \"/\"|health.path",
        "split.overrides = [ { header = a, value = b, to = blue } ]|split.overrides[0].header",
        "split.overrides = [ { cookie = a, value = b, to = blue } ]|split.overrides[0].cookie",
        "rules = [ { when.method = GET, to = blue } ]|rules[0].when.method",
        "rules = [ { when.host = a, to = blue } ]|rules[0].when.host",
        "rules = [ { when.path-prefix = \"/\", to = blue } ]|rules[0].when.path-prefix",
        "split.rules = [ { when.header.a = b, to = blue } ]|split.rules[0].when.header",
        "split.rules = [ { when.query.a = b, to = blue } ]|split.rules[0].when.query",
        "split.cohort.cookie = a|split.cohort.cookie", "split.cohort.header = a|split.cohort.header",
        "split.cohort.query = a|split.cohort.query",
        "split.cohort { user = true, mint = true }|split.cohort.mint"})
    void keysForHttpAreOneProblemEach(String keys, String key) {
        Problem problem = problem(keys);

        assertThat(problem.key()).isEqualTo("turnout.routes.db." + key);
        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.found()).isEqualTo("a key for http, on a route that speaks postgresql");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data = replicated|data", "mode = transaction|mode",
        "auth { users = [] }|auth", "slow-statement = nonsense|slow-statement",
        "timeouts.authenticate = 1s|timeouts.authenticate",
        "limits.unauthenticated = 1|limits.unauthenticated",
        "split.overrides = [ { startup-option = a, value = b, to = green } ]|split.overrides[0].startup-option",
        "split.overrides = [ { header = a, value = b, to = green, read-only = true } ]|split.overrides[0].read-only",
        "split.rules = [ { to = green, read-only = true } ]|split.rules[0].read-only",
        "rules = [ { when.user = a, to = green } ]|rules[0].when.user",
        "rules = [ { when.database = a, to = green } ]|rules[0].when.database",
        "rules = [ { when.application = a, to = green } ]|rules[0].when.application",
        "rules = [ { when.startup.a = a, to = green } ]|rules[0].when.startup",
        "split.cohort.user = true|split.cohort.user",
        "split.cohort.application = true|split.cohort.application",
        "split.cohort.startup-parameter = a|split.cohort.startup-parameter"})
    void keysForPostgresAreOneProblemEachOnARouteForHttp(String keys, String key) {
        Problem problem = new Loading(folder).problem(Shop.with(keys));

        assertThat(problem.key()).isEqualTo("turnout.routes.shop." + key);
        assertThat(problem.found()).isEqualTo("a key for postgresql, on a route that speaks http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls { certificate = a, private-key = b }", "blue.tls.mode = require",
        "green.tls.mode = require"})
    void tlsForHttpIsNotHereYet(String keys) {
        assertThat(new Loading(folder).problem(Shop.with(keys)).found()).startsWith(NotYet.FOUND);
    }

    @Test
    void nullIsNoKeyOfAnotherProtocol() {
        assertThat(database("match = null, headers = null")).isEqualTo(database(""));
    }

    @Test
    void endpointsAreNotAskedByHttp() {
        assertThat(route(Shop.database("health.check = connect")).health().check())
                .isEqualTo(HealthConfig.Check.CONNECT);
        Problem problem = problem("health.check = http");

        assertThat(problem.key()).isEqualTo("turnout.routes.db.health.check");
        assertThat(problem.allowed()).isEqualTo("none or connect");
    }

    @Test
    void aListenerIsNotShared() {
        String other = Shop.database("").replace("routes.db", "routes.other");

        assertThat(new Loading(folder).problem(Shop.database("") + other).key())
                .isEqualTo("turnout.routes.other.listen");
        assertThat(
                new Loading(folder).problem(Shop.database("") + Shop.route("shop", "a:1", "match.host = b"))
                        .key())
                .isEqualTo("turnout.routes.shop.listen");
    }

    @Test
    void anEndpointWhereTheRouteListensIsACircle() {
        assertThat(problem("green.endpoints = [\"a:1\"]").found()).contains("circle");
    }
}
