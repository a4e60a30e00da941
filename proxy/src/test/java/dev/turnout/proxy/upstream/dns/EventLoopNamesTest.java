package dev.turnout.proxy.upstream.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.upstream.dns.FamilyAnswer.Found;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.None;
import dev.turnout.proxy.upstream.dns.Names.Following;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLoopNamesTest {
    private final Path hosts;
    private final Path resolvConf;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Map<String, Consumer<Answer>> asked = new HashMap<>();
    private final List<ResolvConf> confs = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final EventLoopNames names;

    EventLoopNamesTest(@TempDir Path folder) throws IOException {
        hosts = Files.writeString(folder.resolve("hosts"),
                "127.0.0.1 localhost\n::1 localhost ip6-localhost\n");
        resolvConf = folder.resolve("resolv.conf");
        channel.freezeTime();
        names = new EventLoopNames(channel.eventLoop(), (host, conf, answers) -> {
            asked.put(host, answers);
            confs.add(conf);
        }, new SystemFiles(hosts, resolvConf), Runnable::run, 3000);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private Following follow(String host) {
        Following following = names.follow(host,
                ips -> told.add(host + " " + ips.stream().map(InetAddress::getHostAddress).toList()));
        channel.runPendingTasks();
        return following;
    }

    private void answer(String host, String ip) {
        Objects.requireNonNull(asked.remove(host), host)
                .accept(new Answer(new Found(List.of(InetAddress.ofLiteral(ip)), 60), new None("")));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    @Test
    void knowsTheHostsOfThisMachineWithoutAsking() {
        follow("LocalHost");
        assertThat(told).containsExactly("LocalHost [127.0.0.1, 0:0:0:0:0:0:0:1]");
        assertThat(asked).isEmpty();
    }

    @Test
    void followsAChangeOfTheHostsFileWithinSeconds() throws IOException {
        follow("shop");
        answer("shop", "10.0.0.1");
        Files.writeString(hosts, "10.0.0.9 shop\n");
        pass(EventLoopNames.FILES_SECONDS);
        assertThat(told).containsExactly("shop [10.0.0.1]", "shop [10.0.0.9]");
    }

    @Test
    void asksAgainWhenANameLeavesTheHostsFile() throws IOException {
        follow("localhost");
        Files.writeString(hosts, "");
        pass(EventLoopNames.FILES_SECONDS);
        assertThat(asked).containsKey("localhost");
    }

    @Test
    void followsAChangeOfResolvConf() throws IOException {
        follow("shop");
        Files.writeString(resolvConf, "nameserver 192.0.2.1\n");
        pass(EventLoopNames.FILES_SECONDS);
        assertThat(confs.getLast().servers()).hasSize(1);
    }

    @Test
    void keepsWhatItKnowsWhenAFileCannotBeRead() throws IOException {
        follow("localhost");
        Files.delete(hosts);
        Files.createDirectory(hosts);
        pass(EventLoopNames.FILES_SECONDS);
        Files.delete(hosts);
        Files.writeString(hosts, "127.0.0.7 localhost\n");
        pass(EventLoopNames.FILES_SECONDS);
        assertThat(told).containsExactly("localhost [127.0.0.1, 0:0:0:0:0:0:0:1]", "localhost [127.0.0.7]");
    }

    @Test
    void looksANameUpOnceForAllWhoFollowIt() {
        follow("shop");
        follow("shop");
        assertThat(confs).hasSize(1);
        answer("shop", "10.0.0.1");
        assertThat(told).hasSize(2);
    }

    @Test
    void tellsNothingMoreOnceTheFollowingEnds() {
        Following following = follow("shop");
        Consumer<Answer> late = Objects.requireNonNull(asked.get("shop"));
        following.end();
        channel.runPendingTasks();
        late.accept(new Answer(new Found(List.of(InetAddress.ofLiteral("10.0.0.1")), 60), new None("")));
        assertThat(told).isEmpty();
    }

    @Test
    void theFirstLookUpsAreDoneWhenAllNamesWereLookedUp() {
        follow("one");
        follow("two");
        Future<Void> first = names.firstLookUps();
        channel.runPendingTasks();
        answer("one", "10.0.0.1");
        assertThat(first.isDone()).isFalse();
        Objects.requireNonNull(asked.get("two")).accept(new Answer(new None("no such name"), new None("")));
        assertThat(first.isSuccess()).as("a name that does not resolve is no reason not to start").isTrue();
    }

    @Test
    void theFirstLookUpsAreDoneAtOnceWithoutNames() {
        Future<Void> first = names.firstLookUps();
        channel.runPendingTasks();
        assertThat(first.isSuccess()).isTrue();
    }

    @Test
    void theFirstLookUpsTakeNoLongerThanTheirTime() {
        follow("silent");
        Future<Void> first = names.firstLookUps();
        channel.runPendingTasks();
        pass(2);
        assertThat(first.isDone()).isFalse();
        pass(2);
        assertThat(first.isSuccess()).isTrue();
    }
}
