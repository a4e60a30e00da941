package dev.turnout.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.RouteView.EndpointView;
import dev.turnout.config.Target;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsApiTest {
    private static final String BLUE = "/api/v1/routes/shop/targets/blue/endpoints/";
    private static final String ACTIVE = "{\"state\":\"active\"}";
    private static final String DRAINED = "{\"state\":\"drained\"}";

    private final ObjectMapper json = new ObjectMapper();
    private AdminFixture admin;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        admin = new AdminFixture(stateDir);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private List<String> blue() {
        return Objects
                .requireNonNull(admin.routes.route("shop", Duration.ofMinutes(1)).orElseThrow().targets()
                        .get(Target.BLUE))
                .endpoints()
                .stream()
                .map(EndpointView::address)
                .toList();
    }

    private HttpResponse<String> put(String address, String body) throws Exception {
        return admin.send(admin.put(BLUE + address, body));
    }

    private HttpResponse<String> delete(String addressAndQuery) throws Exception {
        return admin.send(admin.as(AdminFixture.OPERATOR, BLUE + addressAndQuery).DELETE());
    }

    private String refusal(HttpResponse<String> response) throws Exception {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(admin.routes.changes()).isEmpty();
        JsonNode problem = json.readTree(response.body());
        return response.statusCode() + " " + problem.path("code").textValue();
    }

    @Test
    void drainsAnEndpoint() throws Exception {
        var response = put("10.0.0.1:8080", "{\"state\":\"drained\",\"reason\":\"kernel update\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"2\"");
        JsonNode endpoint = json.readTree(response.body()).at("/targets/blue/endpoints").get(1);
        assertThat(endpoint.toString())
                .isEqualTo("{\"address\":\"10.0.0.1:8080\",\"state\":\"drained\",\"healthy\":true,"
                        + "\"inFlight\":3,\"origin\":\"file\",\"reason\":\"kernel update\"}");
        assertThat(admin.routes.changes()).containsExactly(
                new ChangeContext("ops", Optional.of("kernel update"), OptionalLong.empty(),
                        Optional.empty()));
    }

    @Test
    void addsAnEndpoint() throws Exception {
        var response = put("10.0.0.3:8080", ACTIVE);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"origin\":\"runtime\"");
        assertThat(blue()).containsExactly("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080");
    }

    @Test
    void removesAnEndpointForAReason() throws Exception {
        assertThat(delete("10.0.0.1:8080?reason=is%20on+fire%21").statusCode()).isEqualTo(200);
        assertThat(blue()).containsExactly("10.0.0.2:8080");
        assertThat(admin.routes.changes()).containsExactly(
                new ChangeContext("ops", Optional.of("is on fire!"), OptionalLong.empty(), Optional.empty()));
    }

    @Test
    void whatIsSoAlreadyIsNoChange() throws Exception {
        var response = put("10.0.0.1:8080", ACTIVE);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).hasValue("\"1\"");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"WEB-1.Example.COM:80,web-1.example.com:80", "%5B::1%5D:8080,[::1]:8080",
        "%5bFD00::A%5d:8080,[fd00::a]:8080", "a%2eb:80,a.b:80", "10.0.0.7%3A65535,10.0.0.7:65535"})
    void readsAnAddressAsTheFileDoes(String sent, String address) throws Exception {
        assertThat(put(sent, ACTIVE).statusCode()).isEqualTo(200);
        assertThat(blue()).contains(address);
        assertThat(delete(sent).statusCode()).isEqualTo(200);
        assertThat(blue()).doesNotContain(address);
    }

    @Test
    void readsBracketsThatAClientDidNotEncode() throws Exception {
        String answer = admin.raw("PUT " + BLUE
                + "[::1]:80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + ACTIVE.length() + "\r\n\r\n" + ACTIVE);
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(blue()).contains("[::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:-1", "10.0.0.1:99999999999",
        ":80",
        "10.0.0.300:80", "10.1:80", "::1:80", "%5B::1%5D", "%5B::1:80", "%5B:::::%5D:80", "a_b%20c:80",
        "a:80%20",
        "%20a:80", "..%2f", "..%2F..%2Fsplit", "..%5c:80", "%00", "a%00:80", "a:80%00", "a:80%0d%0aX:%201",
        "a%2fb:80", "http:%2f%2fa:80", "u@a:80", "%C3%A4:80", "%F0%9F%92%A3:80", "%ff:80", "a:%D9%A8%D9%A0",
        "%5Bfe80::1%25eth0%5D:80", "a%25:80", "*:80", "$%7BPATH%7D:80", "%2500:80", "a;b:80", "a:80;x=1"})
    void refusesWhatIsNoAddress(String sent) throws Exception {
        var response = put(sent, ACTIVE);
        assertThat(refusal(response)).as(response.body()).isEqualTo("400 bad_request");
        assertThat(response.body()).contains("expected: host:port, port 1 to 65535, IPv6 in brackets");
        assertThat(refusal(delete(sent))).isEqualTo("400 bad_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "..", "%2e%2e", "../../../split", "a:80/x",
        "%2e%2e/%2e%2e/b:80"})
    void takesNoOtherPathForAnEndpoint(String sent) throws Exception {
        String answer = admin.raw("PUT " + BLUE + sent
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + ACTIVE.length() + "\r\n\r\n" + ACTIVE);
        assertThat(answer).containsPattern("^HTTP/1.1 4\\d\\d ");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%", "%c0%ae:80", "a%u0041:80"})
    void refusesAPathThatCannotBeDecoded(String sent) throws Exception {
        String answer = admin
                .raw("DELETE " + BLUE + sent + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Authorization: Bearer " + AdminFixture.OPERATOR + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("bad_request");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void boundsWhatItRepeatsOfALongAddress() throws Exception {
        var response = put("a".repeat(3000) + ":80", ACTIVE);
        assertThat(refusal(response)).isEqualTo("400 bad_request");
        assertThat(response.body()).hasSizeLessThan(400);
    }

    @Test
    void refusesAnAddressThatIsLongerThanALine() throws Exception {
        assertThat(put("a".repeat(9000) + ":80", ACTIVE).statusCode()).isEqualTo(414);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"state\":null}", "{\"state\":true}", "{\"state\":\"Active\"}",
        "{\"state\":\"removed\"}", "{\"state\":\"\"}", "{\"state\":\"active\",\"stat\":1}",
        "{\"state\":\"active\",\"reason\":\"a\\nb\"}", "{\"state\":\"active\",\"state\":\"drained\"}",
        "drained"})
    void refusesABodyItDoesNotUnderstand(String body) throws Exception {
        assertThat(refusal(put("10.0.0.1:8080", body))).isEqualTo("400 bad_request");
    }

    @Test
    void saysWhatABodyMayHold() throws Exception {
        assertThat(put("10.0.0.1:8080", "{\"state\":\"down\"}").body())
                .contains("state: \\\"down\\\" (expected: \\\"active\\\" or \\\"drained\\\"");
        assertThat(put("10.0.0.1:8080", "{\"states\":1}").body())
                .contains("states: unknown field (expected: state, reason)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?reason=", "?reason=%20", "?reason=a%0ab", "?reason=a&reason=b",
        "?reason=%1b%5b2J"})
    void refusesAReasonThatIsNoLine(String query) throws Exception {
        assertThat(refusal(delete("10.0.0.1:8080" + query))).isEqualTo("400 bad_request");
    }

    @Test
    void takesAReasonOfFullLengthInAnyScript() throws Exception {
        String reason = "\u8A9E".repeat(500);
        assertThat(delete("10.0.0.1:8080?reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8))
                .statusCode())
                .isEqualTo(200);
        assertThat(admin.routes.changes().getFirst().reason()).hasValue(reason);
    }

    @Test
    void refusesAReasonBeyondItsLength() throws Exception {
        assertThat(refusal(delete("10.0.0.1:8080?reason=" + "x".repeat(501)))).isEqualTo("400 bad_request");
    }

    @Test
    void refusesAQueryThatCannotBeDecoded() throws Exception {
        assertThat(admin.raw("DELETE " + BLUE + "10.0.0.1:8080?reason=%zz HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nAuthorization: Bearer " + AdminFixture.OPERATOR + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(admin.routes.changes()).isEmpty();
    }

    @Test
    void refusesARemovalWithABody() throws Exception {
        var request = admin.as(AdminFixture.OPERATOR, BLUE + "10.0.0.1:8080")
                .method("DELETE", BodyPublishers.ofString("{\"reason\":\"x\"}"));
        assertThat(refusal(admin.send(request))).as("never silently ignored").isEqualTo("400 bad_request");
    }

    @Test
    void namesTheEndpointsThatThereAre() throws Exception {
        for (var response : List.of(put("10.0.0.9:8080", DRAINED), delete("10.0.0.9:8080"))) {
            assertThat(refusal(response)).isEqualTo("404 unknown_endpoint");
            assertThat(response.body())
                    .contains("10.0.0.9:8080 of blue (expected: one of 10.0.0.1:8080, 10.0.0.2:8080)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"red", "Blue", "BLUE", "blue%00", "%20blue", "0", "blue,green"})
    void namesTheSidesThatThereAre(String target) throws Exception {
        var response = admin.send(
                admin.put("/api/v1/routes/shop/targets/" + target + "/endpoints/10.0.0.1:8080", DRAINED));
        assertThat(refusal(response)).isEqualTo("404 unknown_target");
        assertThat(response.body()).contains("expected: blue or green");
    }

    @Test
    void namesTheRoutesThatThereAre() throws Exception {
        var response = admin
                .send(admin.put("/api/v1/routes/shp/targets/blue/endpoints/10.0.0.1:8080", DRAINED));
        assertThat(refusal(response)).isEqualTo("404 unknown_route");
        assertThat(response.body()).contains("route: shp (expected: one of api, shop)");
    }

    @Test
    void keepsTheLastEndpointOfASideAndSaysWhatToDo() throws Exception {
        String only = "/api/v1/routes/shop/targets/green/endpoints/10.0.1.1:8080";
        for (var request : List.of(admin.put(only, DRAINED),
                admin.as(AdminFixture.OPERATOR, only).DELETE())) {
            var response = admin.send(request);
            assertThat(refusal(response)).isEqualTo("409 last_endpoint");
            assertThat(response.body()).contains("10.0.1.1:8080 is the last active one of green",
                    "add or activate another endpoint first", "move the split to blue");
        }
    }

    @Test
    void addsNoEndpointWhereARouteListens() throws Exception {
        var response = put("127.0.0.1:8080", ACTIVE);
        assertThat(refusal(response)).isEqualTo("400 bad_request");
        assertThat(response.body()).contains("127.0.0.1:8080, where route shop listens");
    }

    @Test
    void ofTwoOperatorsTheSecondIsToldThatTheRouteChanged() throws Exception {
        var first = admin.put(BLUE + "10.0.0.1:8080", DRAINED).header("If-Match", "\"1\"");
        assertThat(admin.send(first).statusCode()).isEqualTo(200);
        var second = admin.put(BLUE + "10.0.0.3:8080", ACTIVE).header("If-Match", "\"1\"");
        var third = admin.as(AdminFixture.OPERATOR, BLUE + "10.0.0.2:8080").header("If-Match", "\"1\"")
                .DELETE();
        for (var late : List.of(second, third)) {
            var response = admin.send(late);
            assertThat(response.statusCode()).isEqualTo(412);
            assertThat(response.body()).contains("stale_version", "the route is at version 2");
        }
        assertThat(admin.routes.changes()).hasSize(1);
    }

    @Test
    void saysSoWhenAChangeCannotBeMadeDurable() throws Exception {
        admin.routes.fillTheDisk();
        assertThat(refusal(put("10.0.0.1:8080", DRAINED))).isEqualTo("503 not_durable");
        assertThat(refusal(delete("10.0.0.1:8080"))).isEqualTo("503 not_durable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-None-Match", "If-Unmodified-Since"})
    void refusesAHeaderWhosePromiseItCannotKeep(String header) throws Exception {
        assertThat(refusal(admin.send(admin.put(BLUE + "10.0.0.1:8080", DRAINED).header(header, "x"))))
                .isEqualTo("501 unsupported_header");
        assertThat(refusal(admin.send(
                admin.as(AdminFixture.OPERATOR, BLUE + "10.0.0.1:8080").header(header, "x").DELETE())))
                .isEqualTo("501 unsupported_header");
    }
}
