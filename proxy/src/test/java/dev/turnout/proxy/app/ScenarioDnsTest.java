package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.proxy.testkit.DnsServer;
import dev.turnout.proxy.testkit.DnsServer.Entry;
import dev.turnout.proxy.testkit.Latches;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import java.net.InetAddress;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The endpoint behind a name changes: requests and new sessions follow within its TTL, and none is dropped. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@ExtendWith(LeakCheck.class)
class ScenarioDnsTest {
    private static final String NAME = "shop.test";
    private static final String OLD = "127.0.0.2";
    private static final String NEW = "127.0.0.3";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension
    static final PgSides sides = new PgSides();
    @RegisterExtension
    private final Rig rig = new Rig();
    private DnsServer dns;
    private final CountDownLatch slowAsked = new CountDownLatch(1);
    private final CountDownLatch slowMayAnswer = new CountDownLatch(1);

    @BeforeEach
    void make() {
        dns = rig.closing(new DnsServer());
    }

    /** Says which of the two it is; and waits with the answer to what is slow. */
    private RawUpstream named(String ip, int port) throws Exception {
        return rig.closing(new RawUpstream(InetAddress.ofLiteral(ip), port, (connection, number) -> {
            while (true) {
                if (connection.head().startsWith("GET /slow")) {
                    slowAsked.countDown();
                    Latches.await(slowMayAnswer);
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + ip.length() + "\r\n\r\n" + ip);
            }
        }));
    }

    @Test
    void requestsFollowTheNameAndWhatIsUnderWayEndsWhereItBegan() throws Exception {
        RawUpstream old = named(OLD, 0);
        named(NEW, old.port());
        dns.answer(NAME, Entry.a(NAME, 1, OLD));
        rig.top("turnout.dns.servers = [\"" + dns.address() + "\"]").start(List.of(NAME + ":" + old.port()));
        RawConnection client = rig.client();
        assertThat(ask(client)).endsWith(OLD);
        RawConnection patient = rig.client();
        patient.send(SLOW);
        Latches.await(slowAsked);

        dns.answer(NAME, Entry.a(NAME, 1, NEW));

        await().until(() -> {
            String answer = ask(client);
            assertThat(answer).as("none is dropped").startsWith("HTTP/1.1 200 OK\r\n");
            return answer.endsWith(NEW);
        });
        for (int i = 0; i < 100; i++) {
            assertThat(ask(client)).endsWith(NEW);
        }
        slowMayAnswer.countDown();
        assertThat(patient.message()).as("it was under way before the change").endsWith(OLD);
        assertThat(ask(patient)).endsWith(NEW);
    }

    /** Two ports cannot be one behind a name, so each of the servers stands behind a relay on the same port. */
    @Test
    void sessionsBeginWhereTheNamePointsAndStayWhereTheyAre() throws Exception {
        PgRelay old = rig.closing(new PgRelay(OLD, 0, sides.bluePort()));
        rig.closing(new PgRelay(NEW, old.port(), sides.greenPort()));
        dns.answer(NAME, Entry.a(NAME, 1, OLD));
        rig.startFile("turnout.dns.servers = [\"" + dns.address() + "\"]\n"
                + sides.route("blue.endpoints = [\"" + NAME + ":" + old.port() + "\"]"));
        try (Connection stays = sides.connect(rig)) {
            stays.setAutoCommit(false);
            assertThat(sides.side(stays)).isEqualTo("blue");

            dns.answer(NAME, Entry.a(NAME, 1, NEW));

            await().until(() -> sides.sideOf(rig, PgSides.APP).equals("green"));
            for (int i = 0; i < 10; i++) {
                assertThat(sides.sideOf(rig, PgSides.APP)).isEqualTo("green");
                assertThat(sides.side(stays)).as("its session is where it began").isEqualTo("blue");
            }
            stays.commit();
            assertThat(sides.side(stays)).isEqualTo("blue");
        }
    }

    private static String ask(RawConnection client) throws Exception {
        client.send(GET);
        return client.message();
    }
}
