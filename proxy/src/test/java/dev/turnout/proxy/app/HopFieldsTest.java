package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an endpoint is told about who asked. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class HopFieldsTest {
    private static final String NOBODY = "headers.trust = []";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @RegisterExtension
    private final Rig rig = new Rig();

    /** The lines that reach the endpoint, of a request with these lines, each once the proxy is configured so. */
    private List<String> reaching(String fields) throws Exception {
        rig.start(rig.upstream((connection, number) -> {
            while (true) {
                String head = connection.head();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            }
        }));
        return ask(rig.client(), fields);
    }

    private static List<String> ask(RawConnection client, String fields) throws Exception {
        client.send("GET / HTTP/1.1\r\nHost: shop.example:81\r\n" + fields + "\r\n");
        String answer = client.message();
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).lines().toList();
    }

    @Test
    void saysWhoAskedForWhatThroughWhom() throws Exception {
        List<String> lines = reaching("");

        assertThat(lines).startsWith("GET / HTTP/1.1", "Host: shop.example:81", "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Proto: http", "X-Forwarded-Host: shop.example:81", "Via: 1.1 turnout");
        assertThat(lines.get(6)).matches("X-Request-Id: [0-9a-f]{32}");
        assertThat(lines).hasSize(8);
    }

    @Test
    void addsToWhatATrustedPeerSays() throws Exception {
        assertThat(reaching("X-Forwarded-For: 10.0.0.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\n"
                + "X-Request-Id: abc\r\nVia: 1.1 cdn\r\n"))
                .containsExactly("GET / HTTP/1.1", "Host: shop.example:81", "X-Forwarded-For: 10.0.0.7",
                        "X-Forwarded-Proto: https", "X-Forwarded-Host: b", "X-Request-Id: abc",
                        "Via: 1.1 cdn", "X-Forwarded-For: 127.0.0.1", "Via: 1.1 turnout", "");
    }

    @Test
    void replacesWhatAnyoneElseSaysOfThemselves() throws Exception {
        rig.route(NOBODY).route("headers.forwarded = true");
        List<String> lines = reaching("X-Forwarded-For: 10.0.0.7\r\nx-forwarded-for: 10.0.0.8\r\n"
                + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\nX-Request-Id: abc\r\n"
                + "Forwarded: for=10.0.0.7\r\n");

        assertThat(lines).contains("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http",
                "X-Forwarded-Host: shop.example:81",
                "Forwarded: for=127.0.0.1;proto=http;host=\"shop.example:81\"");
        assertThat(String.join("\n", lines)).doesNotContain("10.0.0.").doesNotContain("abc")
                .doesNotContain("https").doesNotContain(": b");
    }

    @Test
    void addsNothingThatIsSwitchedOff() throws Exception {
        rig.route("headers { x-forwarded = false, via = false, request-id = false, trust = [] }");

        assertThat(reaching("X-Forwarded-For: 10.0.0.7\r\nX-Request-Id: abc\r\ntraceparent: junk\r\n"))
                .containsExactly("GET / HTTP/1.1", "Host: shop.example:81", "X-Forwarded-For: 10.0.0.7",
                        "X-Request-Id: abc", "traceparent: junk", "");
    }

    @Test
    void keepsAValidTraceAndItsState() throws Exception {
        rig.route("headers.traceparent = true").route(NOBODY);

        assertThat(reaching("traceparent: " + TRACE + "\r\ntracestate: a=b\r\n"))
                .contains("traceparent: " + TRACE, "tracestate: a=b");
    }

    @Test
    void beginsATraceWhereThereIsNoneToFollow() throws Exception {
        rig.route("headers.traceparent = true");
        List<String> lines = reaching("traceparent: " + TRACE + "\r\nTraceparent: " + TRACE
                + "\r\ntracestate: a=b\r\n");

        assertThat(lines).doesNotContain("tracestate: a=b");
        assertThat(lines).filteredOn(line -> line.startsWith("traceparent"))
                .singleElement().asString().matches("traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                .doesNotContain("4bf92f35");
    }

    @Test
    void numbersNoTwoRequestsAlike() throws Exception {
        reaching("");
        Set<String> ids = new HashSet<>();
        RawConnection client = rig.client();
        for (int i = 0; i < 200; i++) {
            Matcher id = Pattern.compile("X-Request-Id: ([0-9a-f]{32})")
                    .matcher(String.join("\n", ask(client, "")));
            assertThat(id.find()).isTrue();
            ids.add(id.group(1));
        }

        assertThat(ids).hasSize(200);
    }

    @Test
    void givesNoStrangersWordInTheOtherFieldEither() throws Exception {
        rig.route(NOBODY);

        assertThat(reaching("Forwarded: for=10.0.0.7\r\n")).noneMatch(line -> line.contains("10.0.0.7"));
    }
}
