package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.turnout.config.Address;
import dev.turnout.config.DnsConfig;
import dev.turnout.config.EjectConfig;
import dev.turnout.config.EndpointState;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.HealthConfig.Check;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.testkit.DnsServer;
import dev.turnout.proxy.testkit.DnsServer.Entry;
import dev.turnout.proxy.testkit.DnsServer.Mood;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.upstream.dns.EventLoopNames;
import dev.turnout.proxy.upstream.health.EventLoopChecks;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The endpoint behind a name changes: followed within its TTL, nothing dropped. */
@ExtendWith(LeakCheck.class)
class ScenarioDnsTest {
    private static final String NAME = "shop.test";
    private static final String OLD = "127.0.0.2";
    private static final String NEW = "127.0.0.3";
    /** The TTL of one second, and time for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final HealthConfig HEALTH = new HealthConfig(Check.NONE, "/", Duration.ofSeconds(5),
            Duration.ofSeconds(2), 2, 3, Duration.ZERO,
            new EjectConfig(5, Duration.ofSeconds(10), Share.NONE));

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "test-loop");
    private final DnsServer dns = new DnsServer();
    private final EventLoop loop = loops.each().getFirst();
    private final EventLoopNames names = EventLoopNames.on(loop, loops,
            new DnsConfig(List.of(dns.address()), Duration.ofMillis(300)));
    private final EndpointSet side = new EndpointSet("shop", Target.GREEN, HEALTH, 1,
            new Surroundings(names, new EventLoopChecks(loop, loops.channel(), new SplittableRandom(1)),
                    System::nanoTime, new Random(1), (route, target, sentence) -> {}));
    private final Balancer balancer = side.balancer(0, 7);
    private final List<Endpoint> removed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        side.close();
        loops.stop().syncUninterruptibly();
        dns.close();
    }

    private void start(Entry... entries) {
        dns.answer(NAME, entries);
        side.onRemoved(removed::add);
        side.configure(Map.of(new Address(NAME, 8080), EndpointState.ACTIVE), HEALTH);
        names.firstLookUps().syncUninterruptibly();
    }

    private String chosen() {
        return Objects
                .requireNonNull(balancer.choose(), "nothing is dropped: there is always someone to serve")
                .socketAddress().getAddress().getHostAddress();
    }

    @Test
    void servesFromTheFirstRequestOn() {
        start(Entry.a(NAME, 1, OLD));
        assertThat(chosen()).isEqualTo(OLD);
    }

    @Test
    void followsARename() {
        start(Entry.a(NAME, 1, OLD));
        dns.answer(NAME, Entry.a(NAME, 1, NEW));
        await().atMost(SOON).until(() -> chosen().equals(NEW));
    }

    @Test
    void followsAFailOverOfAnAlias() {
        start(Entry.alias(NAME, 300, "traffic.test"), Entry.alias("traffic.test", 1, "old.test"),
                Entry.a("old.test", 300, OLD));
        dns.answer(NAME, Entry.alias(NAME, 300, "traffic.test"), Entry.alias("traffic.test", 1, "new.test"),
                Entry.a("new.test", 300, NEW));
        await().atMost(SOON).until(() -> chosen().equals(NEW));
    }

    @Test
    void leavesWhatIsUnderWayWhereItIs() {
        start(Entry.a(NAME, 1, OLD));
        Endpoint busy = Objects.requireNonNull(balancer.choose());
        busy.begun(0);
        dns.answer(NAME, Entry.a(NAME, 1, NEW));
        await().atMost(SOON).until(() -> chosen().equals(NEW));
        assertThat(removed).as("its idle connections are closed").containsExactly(busy);
        assertThat(side.views().getFirst().inFlight()).as("a drain waits for it").isEqualTo(1);
        busy.succeeded();
        busy.ended(0);
        assertThat(side.views().getFirst().inFlight()).isZero();
    }

    @Test
    void servesOnWhileTheNameServerIsDownAndFollowsWhenItIsBack() {
        start(Entry.a(NAME, 1, OLD));
        for (Mood mood : List.of(Mood.SILENT, Mood.SERVER_FAILURE, Mood.GARBAGE)) {
            dns.mood(mood);
            int before = dns.questions().size();
            await().atMost(Duration.ofSeconds(20)).until(() -> dns.questions().size() >= before + 4);
            assertThat(chosen()).isEqualTo(OLD);
        }
        dns.answer(NAME, Entry.a(NAME, 1, NEW));
        dns.mood(Mood.ANSWERS);
        await().atMost(Duration.ofSeconds(20)).until(() -> chosen().equals(NEW));
    }

    @Test
    void servesOnWhenTheNameIsGone() {
        start(Entry.a(NAME, 1, OLD));
        dns.forget(NAME);
        int before = dns.questions().size();
        await().atMost(SOON).until(() -> dns.questions().size() >= before + 4);
        assertThat(chosen()).isEqualTo(OLD);
    }

    @Test
    void startsWithoutANameThatDoesNotResolveYet() {
        side.configure(Map.of(new Address(NAME, 8080), EndpointState.ACTIVE), HEALTH);
        names.firstLookUps().syncUninterruptibly();
        assertThat(balancer.choose()).isNull();
        dns.answer(NAME, Entry.a(NAME, 1, NEW));
        await().atMost(SOON).until(() -> balancer.choose() != null);
    }
}
