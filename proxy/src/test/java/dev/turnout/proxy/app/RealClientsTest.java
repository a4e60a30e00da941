package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.Share;
import dev.turnout.proxy.routing.Cohort;
import dev.turnout.proxy.testkit.Bytes;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.CountingRelay;
import dev.turnout.proxy.testkit.EchoService;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs as people use them, unaware of the proxy. Each checks what it gets and prints a line for every exchange; the
 * service behind the proxy keeps lines of its own, and they must be the same.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(LeakCheck.class)
class RealClientsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/clients").toAbsolutePath();
    private static final String SIDE = "side ";

    @TempDir
    private Path stateDir;
    @TempDir
    private Path folder;
    private Rig rig;
    private final EchoService blue = new EchoService("blue");
    private final EchoService green = new EchoService("green");

    @BeforeEach
    void make() {
        rig = new Rig(stateDir);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** Starts the proxy, and a way to it that counts. */
    private CountingRelay start() throws IOException {
        rig.start(Configs.local(List.of(rig.upstream(blue).port())),
                Configs.local(List.of(rig.upstream(green).port())));
        return rig.closing(new CountingRelay(rig.address()));
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        Tool.require(command[0]);
        return rig.closing(Tool.start(folder, command)).lines();
    }

    /** What a script prints before its OK. */
    private List<String> told(String program, String script, CountingRelay way)
            throws IOException, InterruptedException {
        List<String> lines = run(program, SCRIPTS.resolve(script).toString(), way.origin());
        assertThat(lines).last().isEqualTo("OK");
        return lines.subList(0, lines.size() - 1);
    }

    private List<String> served() {
        List<String> lines = new ArrayList<>(blue.served());
        lines.addAll(green.served());
        return lines;
    }

    /** No request was refused, broken off or answered by the proxy itself. */
    private void assertAllWentWell() {
        await().untilAsserted(() -> {
            double good = rig.metric("turnout_requests_total{outcome=\"2xx\"")
                    + rig.metric("turnout_requests_total{outcome=\"1xx\"");
            assertThat(good).isEqualTo(served().size());
            assertThat(rig.metric("turnout_requests_total")).isEqualTo(good);
            assertThat(rig.metric("turnout_connections{route=\"shop\"}")).isZero();
        });
    }

    @Test
    void curlSendsAndGetsBodiesOverOneConnection() throws Exception {
        Tool.require("curl");
        CountingRelay way = start();

        assertThat(told("bash", "curl.sh", way)).isEqualTo(served()).hasSize(7);
        assertThat(way.connections()).isEqualTo(1);
        assertAllWentWell();
    }

    @Test
    void nodesHttpSendsAndGetsBodiesOverOneConnectionAndUpgradesAnother() throws Exception {
        CountingRelay way = start();

        assertThat(told("node", "node-http.mjs", way)).isEqualTo(served()).hasSize(8);
        assertThat(way.connections()).isEqualTo(2);
        assertAllWentWell();
    }

    @Test
    void nodesFetchSendsAndGetsBodiesOverTheTwoConnectionsThatItLikes() throws Exception {
        CountingRelay way = start();

        assertThat(told("node", "node-fetch.mjs", way)).isEqualTo(served()).hasSize(7);
        assertThat(way.connections()).as("a streamed body takes another, also without a proxy")
                .isLessThanOrEqualTo(2);
        assertAllWentWell();
    }

    @Test
    void pythonSendsAndGetsBodiesOverOneConnectionAndUpgradesAnother() throws Exception {
        CountingRelay way = start();

        assertThat(told("python3", "http_client.py", way)).isEqualTo(served()).hasSize(8);
        assertThat(way.connections()).isEqualTo(2);
        assertAllWentWell();
    }

    @Test
    void wrkGetsWhatItPosts() throws Exception {
        CountingRelay way = start();
        String said = String.join("\n", run("wrk", "-t1", "-c8", "-d1s", "--timeout", "20s", "-s",
                SCRIPTS.resolve("wrk.lua").toString(), way.origin() + "/echo"));

        assertThat(said)
                .containsPattern("checked=[1-9]\\d* differing=0 connect=0 read=0 write=0 status=0 timeout=0");
        String body = EchoService.checksum(EchoService.pattern(1600));
        assertThat(served()).containsOnly("POST /echo 200 " + body + " " + body);
        assertThat(way.connections()).as("eight, and one by which wrk tries the address").isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({"-m1, length", "-m4, length", "-m1, chunked", "-m4, chunked"})
    void h2loadGetsAnAnswerToEveryRequestAlsoWhenItPipelines(String inFlight, String framing)
            throws Exception {
        CountingRelay way = start();
        String said = String.join("\n", run("h2load", "--h1", "-n400", "-c4", inFlight,
                way.origin() + "/bytes?n=1000&" + framing));

        assertThat(said).contains("400 succeeded, 0 failed, 0 errored, 0 timeout",
                "400 2xx, 0 3xx, 0 4xx, 0 5xx");
        assertThat(served()).hasSize(400);
        assertThat(way.connections()).isEqualTo(4);
        assertAllWentWell();
    }

    @Test
    void h2loadPostsAFile() throws Exception {
        CountingRelay way = start();
        String text = EchoService.pattern(100_000);
        Path file = Files.writeString(folder.resolve("body"), text);
        String said = String.join("\n",
                run("h2load", "--h1", "-n100", "-c4", "-d", file.toString(), way.origin() + "/echo"));

        assertThat(said).contains("100 succeeded, 0 failed, 0 errored, 0 timeout",
                "100 2xx, 0 3xx, 0 4xx, 0 5xx");
        String body = EchoService.checksum(text);
        assertThat(served()).hasSize(100).containsOnly("POST /echo 200 " + body + " " + body);
        assertAllWentWell();
    }

    @Test
    void chromiumRunsAPageThatFetchesAndTalksWhileItsUsersKeepTheirSide() throws Exception {
        Tool.require("chromium");
        rig.route("split.green = 50%");
        CountingRelay way = start();
        Tool browser = rig
                .closing(Tool.start(folder, "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                        "--no-first-run", "--disable-background-networking", "--disable-component-update",
                        "--disable-sync", "--disable-dev-shm-usage", "--proxy-server=direct://",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--user-data-dir=" + folder.resolve("profile"), way.origin() + "/page"));
        List<String> lines = report(browser).lines().toList();

        assertThat(lines).as(browser.said()).last().isEqualTo("OK");
        List<String> told = lines.stream().filter(line -> line.contains(" /")).toList();
        assertThat(told).containsExactlyInAnyOrderElementsOf(
                served().stream().filter(line -> !line.contains(" /report ")).toList());
        List<String> sides = lines.stream().filter(line -> line.startsWith(SIDE)).toList();
        assertThat(sides).hasSize(8).allSatisfy(line -> {
            String user = line.split(" ", -1)[1];
            assertThat(line).isEqualTo(SIDE + user + " " + sideOf(user));
        });
        assertThat(way.connections()).as("six at a time are what browsers allow, and the WebSocket's")
                .isLessThan(told.size() / 3);
        browser.close();
        assertAllWentWell();
    }

    private static String sideOf(String user) {
        return Cohort.side(Bytes.bytes(Configs.ROUTE), Bytes.bytes(user), Share.ofPercent("50")).label();
    }

    private String report(Tool browser) throws Exception {
        // Which side the report goes to is the browser's cookie's choice.
        try {
            return (String) CompletableFuture.anyOf(blue.report(), green.report()).get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no report; the browser said: " + browser.said(), e);
        }
    }
}
