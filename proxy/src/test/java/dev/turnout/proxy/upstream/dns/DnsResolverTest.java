package dev.turnout.proxy.upstream.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import dev.turnout.config.DnsConfig;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.testkit.DnsServer;
import dev.turnout.proxy.testkit.DnsServer.Entry;
import dev.turnout.proxy.testkit.DnsServer.Mood;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.Failed;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.Found;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.None;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
class DnsResolverTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final ResolvConf NOTHING = ResolvConf.parse("");

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "test-loop");
    private final DnsServer server = new DnsServer();
    private final DnsServer second = new DnsServer();

    @AfterEach
    void close() {
        loops.stop().syncUninterruptibly();
        server.close();
        second.close();
    }

    private Answer resolve(String host, ResolvConf conf, Address... servers)
            throws InterruptedException, ExecutionException, TimeoutException {
        DnsResolver resolver = new DnsResolver(loops.each().getFirst(), loops,
                new DnsConfig(List.of(servers), PATIENCE));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        loops.each().getFirst().execute(() -> resolver.resolve(host, conf, answer::complete));
        return answer.get(20, TimeUnit.SECONDS);
    }

    private Answer resolve(String host) throws InterruptedException, ExecutionException, TimeoutException {
        return resolve(host, NOTHING, server.address());
    }

    private static Found found(long ttl, String... ips) {
        return new Found(Arrays.stream(ips).map(InetAddress::ofLiteral).toList(), ttl);
    }

    @Test
    void findsTheAddressesOfBothFamilies() throws Exception {
        server.answer("shop.test", Entry.a("shop.test", 60, "10.0.0.1"), Entry.a("shop.test", 60, "10.0.0.2"),
                Entry.a("shop.test", 30, "2001:db8::1"));
        assertThat(resolve("shop.test"))
                .isEqualTo(new Answer(found(60, "10.0.0.1", "10.0.0.2"), found(30, "2001:db8::1")));
    }

    @Test
    void tellsTheShortestLifeOfAChainOfAliases() throws Exception {
        server.answer("shop.test", Entry.alias("shop.test", 3600, "shop.traffic.test"),
                Entry.alias("shop.traffic.test", 5, "eu.cloud.test"),
                Entry.a("eu.cloud.test", 300, "10.0.0.1"));
        assertThat(resolve("shop.test").ipv4()).as("the alias in the middle is the one that fails over")
                .isEqualTo(found(5, "10.0.0.1"));
    }

    @Test
    void followsAnAliasThatLeadsOutOfTheAnswer() throws Exception {
        server.answer("shop.test", Entry.alias("shop.test", 9, "eu.test"));
        server.answer("eu.test", Entry.a("eu.test", 300, "10.0.0.1"));
        assertThat(resolve("shop.test").ipv4()).isEqualTo(found(9, "10.0.0.1"));
    }

    @Test
    void isNotLedRoundInCircles() throws Exception {
        server.answer("a.test", Entry.alias("a.test", 9, "b.test"));
        server.answer("b.test", Entry.alias("b.test", 9, "a.test"));
        assertThat(resolve("a.test").ipv4()).isInstanceOf(Failed.class);
    }

    @Test
    void isNotLedRoundInACircleWithinOneAnswer() throws Exception {
        server.answer("a.test", Entry.alias("a.test", 9, "b.test"), Entry.alias("b.test", 9, "a.test"));
        assertThat(resolve("a.test").ipv4()).isInstanceOf(None.class);
    }

    @Test
    void passesOverWhatWasNotAskedFor() throws Exception {
        server.answer("shop.test", Entry.a("bank.test", 60, "10.6.6.6"),
                Entry.a("shop.test", 60, "10.0.0.1"));
        assertThat(resolve("shop.test").ipv4()).isEqualTo(found(60, "10.0.0.1"));
    }

    @Test
    void tellsAMissingFamilyFromAFailure() throws Exception {
        server.answer("shop.test", Entry.a("shop.test", 60, "10.0.0.1"));
        assertThat(resolve("shop.test").ipv6()).isInstanceOf(None.class);
        server.mood(DnsRecordType.AAAA, Mood.SERVER_FAILURE);
        assertThat(resolve("shop.test").ipv6()).isInstanceOf(Failed.class);
    }

    @Test
    void tellsThatANameDoesNotExist() throws Exception {
        assertThat(resolve("nowhere.test").ipv4()).isEqualTo(new None("no such name"));
    }

    @ParameterizedTest
    @EnumSource(names = "ANSWERS", mode = EnumSource.Mode.EXCLUDE)
    void failsWhenNoServerSaysAnythingOfUse(Mood mood) throws Exception {
        server.mood(mood);
        assertThat(resolve("shop.test").ipv4()).isInstanceOf(Failed.class);
        assertThat(server.questions()).as("each family twice: a datagram may get lost").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(names = "ANSWERS", mode = EnumSource.Mode.EXCLUDE)
    void asksTheNextServerWhenOneSaysNothingOfUse(Mood mood) throws Exception {
        server.mood(mood);
        second.answer("shop.test", Entry.a("shop.test", 60, "10.0.0.1"));
        assertThat(resolve("shop.test", NOTHING, server.address(), second.address()).ipv4())
                .isEqualTo(found(60, "10.0.0.1"));
    }

    @Test
    void believesAServerThatANameDoesNotExist() throws Exception {
        second.answer("shop.test", Entry.a("shop.test", 60, "10.0.0.1"));
        assertThat(resolve("shop.test", NOTHING, server.address(), second.address()).ipv4())
                .isInstanceOf(None.class);
        assertThat(second.questions()).isEmpty();
    }

    @Test
    void looksInTheSearchDomainsOneAfterTheOther() throws Exception {
        server.answer("db.two.test", Entry.a("db.two.test", 60, "10.0.0.1"));
        assertThat(
                resolve("db", ResolvConf.parse("search one.test two.test\noptions ndots:2"), server.address())
                        .ipv4())
                .isEqualTo(found(60, "10.0.0.1"));
        assertThat(server.questions()).contains("A db.one.test.").doesNotContain("A db.");
    }

    @Test
    void doesNotGoOnToTheNextSearchDomainAfterAFailure() throws Exception {
        server.answer("db", Entry.a("db", 60, "10.6.6.6"));
        server.mood(DnsRecordType.AAAA, Mood.SERVER_FAILURE);
        Answer answer = resolve("db", ResolvConf.parse("search one.test"), server.address());
        assertThat(answer.ipv6()).isInstanceOf(Failed.class);
        assertThat(server.questions()).as("what the next name stands for may be someone else's")
                .doesNotContain("A db.");
    }

    @Test
    void asksTheServersOfTheSystemUnlessOthersAreConfigured() throws Exception {
        assertThat(resolve("shop.test", NOTHING)).isEqualTo(
                new Answer(new Failed("there is no name server to ask"),
                        new Failed("there is no name server to ask")));
    }

    @Test
    void refusesWhatCannotBeAName() throws Exception {
        assertThat(resolve("shop..test").ipv4()).isInstanceOf(None.class);
    }
}
