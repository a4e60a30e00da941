package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.admin.ReloadControl.Result;
import dev.turnout.proxy.testkit.DnsServer;
import dev.turnout.proxy.testkit.DnsServer.Entry;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files come and go while requests do: nobody notices, and nothing is left of those that went. */
@ExtendWith(LeakCheck.class)
class ReloadUnderLoadTest {
    private static final int CLIENTS = 8;
    private static final int RELOADS = 200;
    private static final int WARM_UP = 20;

    @RegisterExtension
    private final Rig rig = new Rig();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    private void load() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            RawConnection client = rig.client("shop");
            clients.add(Thread.ofVirtual().start(() -> askOn(client)));
        }
    }

    private void askOn(RawConnection client) {
        try {
            while (!over) {
                String answer = TwoSides.ask(client, TwoSides.GET);
                if (!answer.startsWith("HTTP/1.1 200 ") || answer.contains("Connection: close")) {
                    wrong.add(answer);
                }
                answered.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            wrong.add(e.toString());
        }
    }

    private void end() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    /** At least so many more requests are answered. */
    private void awaitRequests(int more) {
        int then = answered.get();
        await().until(() -> answered.get() >= then + more || !wrong.isEmpty());
    }

    /** What a process can run out of. */
    private record Held(long files, long threads) {
        static Held now() throws IOException {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                    Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                return new Held(files.count(), threads.count());
            }
        }
    }

    @Test
    void twoHundredReloadsBackAndForthAreNotNoticedAndLeaveNothing() throws Exception {
        TwoSides sides = new TwoSides(rig);
        String[] files = {
            sides.route("shop", "")
                    + sides.route("old", "127.0.0.1:0", "health { check = connect, interval = 10ms }"),
            sides.route("shop", "green.endpoints = [\"127.0.0.1:" + sides.blue.port()
                    + "\"], blue.endpoints = [\"127.0.0.1:" + sides.green.port()
                    + "\"], split { green = 50%, rules = [ { when.path-prefix = /x, to = blue } ] }, limits.body = 1KiB")
                    + sides.route("new", "127.0.0.1:0", "split.cohort.client-ip = true")};
        rig.startFile(files[0]);
        load();
        Held before = reloads(files, WARM_UP);
        Held after = reloads(files, RELOADS);
        end();

        assertThat(wrong).isEmpty();
        assertThat(after.files()).as("sockets and other descriptors").isLessThanOrEqualTo(before.files() + 4);
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 8);
        assertThat(rig.metric("turnout_reloads_total{result=\"applied\"}")).isEqualTo(WARM_UP + RELOADS);
        assertThat(rig.metric("turnout_reloads_total")).isEqualTo(WARM_UP + RELOADS);
        assertThat(rig.metric("turnout_connections{")).isEqualTo(CLIENTS);
    }

    /** What is held after so many, with the first file in effect. */
    private Held reloads(String[] files, int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            assertThat(rig.reload(files[i % 2])).isInstanceOf(Result.Applied.class);
            awaitRequests(CLIENTS);
        }
        // Listeners of before have ended their connections, endpoints their idle ones.
        awaitRequests(50 * CLIENTS);
        return Held.now();
    }

    @Test
    void aRouteThatGivesItsRequestsToAnotherIsNotMissedInBetween() throws Exception {
        TwoSides sides = new TwoSides(rig);
        String listen = TwoSides.text(TwoSides.free());
        String shop = sides.route("shop", listen, "match.host = nobody.test");
        String[] files = {shop + sides.route("all", listen, ""),
            shop + sides.route("everything", listen, "")
                    + sides.route("root", listen, "match.path-prefix = /")};
        rig.startFile(files[0]);
        load();
        for (int i = 1; i <= 60; i++) {
            assertThat(rig.reload(files[i % 2])).isInstanceOf(Result.Applied.class);
            awaitRequests(2 * CLIENTS);
        }
        end();
        assertThat(wrong).isEmpty();
    }

    @Test
    void aRouteThatGoesFromOneNameToAnotherIsNeverWithoutAnEndpoint() throws Exception {
        DnsServer dns = rig.closing(new DnsServer());
        RawUpstream one = rig.closing(RawUpstream.answering("one"));
        RawUpstream two = rig
                .closing(new RawUpstream(InetAddress.ofLiteral("127.0.0.2"), 0, (connection, number) -> {
                    while (true) {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
                    }
                }));
        dns.answer("one.test", Entry.a("one.test", 60, "127.0.0.1"));
        dns.answer("two.test", Entry.a("two.test", 60, "127.0.0.2"));
        TwoSides sides = new TwoSides(rig);
        String server = "turnout.dns.servers = [\"" + dns.address() + "\"]\n";
        String toOne = server + sides.route("shop", "blue.endpoints = [\"one.test:" + one.port() + "\"]");
        String toTwo = server + sides.route("shop", "blue.endpoints = [\"two.test:" + two.port() + "\"]");
        rig.startFile(toOne);
        load();
        for (int i = 0; i < 20; i++) {
            rig.reload(toTwo);
            awaitRequests(CLIENTS);
            RawConnection client = rig.client("shop");
            assertThat(TwoSides.ask(client, TwoSides.GET)).endsWith("two");
            client.close();
            rig.reload(toOne);
            awaitRequests(CLIENTS);
        }
        end();

        assertThat(wrong).isEmpty();
    }
}
