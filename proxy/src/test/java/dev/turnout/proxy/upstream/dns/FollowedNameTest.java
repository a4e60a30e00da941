package dev.turnout.proxy.upstream.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.upstream.dns.FamilyAnswer.Failed;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.Found;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.None;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowedNameTest {
    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String SIX = "2001:db8:0:0:0:0:0:1";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Consumer<Answer>> lookUps = new ArrayList<>();
    private final List<List<String>> told = new ArrayList<>();
    private final FollowedName name = new FollowedName("shop", channel.eventLoop(),
            (host, answers) -> lookUps.add(answers));

    /** The one method reference: a name tells its followers apart by identity. */
    private final Consumer<List<InetAddress>> follower = this::tell;

    @BeforeEach
    void follow() {
        channel.freezeTime();
        name.add(follower);
    }

    private void tell(List<InetAddress> ips) {
        told.add(ips.stream().map(InetAddress::getHostAddress).toList());
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static FamilyAnswer found(long ttl, String... ips) {
        return new Found(Arrays.stream(ips).map(InetAddress::ofLiteral).toList(), ttl);
    }

    private void answer(FamilyAnswer ipv4, FamilyAnswer ipv6) {
        lookUps.getLast().accept(new Answer(ipv4, ipv6));
    }

    private void answer(long ttl, String... ips) {
        answer(found(ttl, ips), new None("no address"));
    }

    private void fail() {
        answer(new Failed("time-out"), new Failed("time-out"));
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    /** How long until the next look-up. */
    private long wait(int most) {
        int before = lookUps.size();
        long seconds = 0;
        while (lookUps.size() == before && seconds < most) {
            pass(1);
            seconds++;
        }
        return seconds;
    }

    @Test
    void isLookedUpAtOnce() {
        assertThat(lookUps).hasSize(1);
        assertThat(name.lookedUp()).isFalse();
    }

    @Test
    void tellsWhatWasFound() {
        answer(found(60, A), found(60, SIX));
        assertThat(told).containsExactly(List.of(A, SIX));
        assertThat(name.lookedUp()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "0, 1", "1, 1", "299, 299", "86400, 300"})
    void isLookedUpAgainWhenItsTimeIsOver(long ttl, long seconds) {
        answer(ttl, A);
        assertThat(wait(400)).isEqualTo(seconds);
    }

    @Test
    void theShorterLifeOfTheTwoFamiliesCounts() {
        answer(found(60, A), found(7, SIX));
        assertThat(wait(400)).isEqualTo(7);
    }

    @Test
    void tellsOfNothingWhenOnlyTheOrderDiffers() {
        answer(1, A, B);
        pass(1);
        answer(1, B, A);
        assertThat(told).containsExactly(List.of(A, B));
    }

    @Test
    void tellsOfEachChange() {
        answer(1, A);
        pass(1);
        answer(1, B);
        pass(1);
        answer(1, A, B);
        assertThat(told).containsExactly(List.of(A), List.of(B), List.of(A, B));
    }

    @Test
    void keepsTheLastKnownAddressesWhenALookUpFails() {
        answer(1, A);
        pass(1);
        fail();
        assertThat(told).as("a name server that is down takes no endpoint down").containsExactly(List.of(A));
    }

    @Test
    void keepsTheLastKnownAddressesWhenTheNameIsGone() {
        answer(1, A);
        pass(1);
        answer(new None("no such name"), new None("no such name"));
        assertThat(told).containsExactly(List.of(A));
    }

    @Test
    void keepsTheFamilyThatFailedAndFollowsTheOther() {
        answer(found(1, A), found(1, SIX));
        pass(1);
        answer(found(1, B), new Failed("time-out"));
        assertThat(told.getLast()).containsExactly(B, SIX);
    }

    @Test
    void dropsTheFamilyThatIsNoLongerThere() {
        answer(found(1, A), found(1, SIX));
        pass(1);
        answer(found(1, A), new None("no address"));
        assertThat(told.getLast()).containsExactly(A);
    }

    @Test
    void triesAgainLaterAndLaterWhileItFails() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            fail();
            waits.add(wait(100));
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void beginsWithAShortWaitAgainAfterASuccess() {
        fail();
        pass(1);
        fail();
        pass(2);
        answer(5, A);
        pass(5);
        fail();
        assertThat(wait(100)).isEqualTo(1);
    }

    @Test
    void countsAsLookedUpAfterAFailureToo() {
        List<String> calls = new ArrayList<>();
        name.whenLookedUp(() -> calls.add("looked up"));
        fail();
        assertThat(calls).as("the start does not wait for a name that does not resolve").hasSize(1);
        assertThat(told).isEmpty();
    }

    @Test
    void tellsASecondFollowerWhatIsKnown() {
        answer(60, A);
        name.add(follower);
        assertThat(told).containsExactly(List.of(A), List.of(A));
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void isLookedUpNoMoreOnceNobodyFollows() {
        answer(1, A);
        assertThat(name.remove(follower)).isTrue();
        pass(10);
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void goesOnForTheOneWhoStays() {
        name.add(ips -> {});
        assertThat(name.remove(follower)).isFalse();
        answer(1, A);
        pass(1);
        assertThat(lookUps).hasSize(2);
        assertThat(told).isEmpty();
    }

    @Test
    void anAnswerThatWasOvertakenDoesNotCount() {
        name.lookUp();
        lookUps.getFirst().accept(new Answer(found(60, A), new None("")));
        lookUps.getLast().accept(new Answer(found(60, B), new None("")));
        assertThat(told).containsExactly(List.of(B));
    }
}
