package dev.turnout.proxy.upstream.dns;

import dev.turnout.proxy.upstream.dns.FamilyAnswer.Failed;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.Found;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.None;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One name: looked up again whenever its TTL is over. When that fails, or the name is gone, the addresses known last stay
 * in service. Confined to the loop.
 */
final class FollowedName {
    static final long LEAST_SECONDS = 1;
    static final long MOST_SECONDS = TimeUnit.MINUTES.toSeconds(5);
    static final long MOST_BACK_OFF_SECONDS = 30;

    private final String host;
    private final EventLoop loop;
    private final LookUp lookUp;
    private final List<Consumer<List<InetAddress>>> followers = new ArrayList<>();
    private List<InetAddress> ipv4 = List.of();
    private List<InetAddress> ipv6 = List.of();
    private List<InetAddress> addresses = List.of();
    private List<Runnable> whenLookedUp = new ArrayList<>();
    private @Nullable Future<?> next;
    private long backOffSeconds = LEAST_SECONDS;
    /** Tells the answer that is waited for from those that came too late to count. */
    private int lookUps;
    private boolean lookedUp;
    private boolean failing;

    /** How a name is looked up. */
    @FunctionalInterface
    interface LookUp {
        void start(String host, Consumer<Answer> answers);
    }

    FollowedName(String host, EventLoop loop, LookUp lookUp) {
        this.host = host;
        this.loop = loop;
        this.lookUp = lookUp;
    }

    void add(Consumer<List<InetAddress>> follower) {
        followers.add(follower);
        if (!addresses.isEmpty()) {
            follower.accept(addresses);
        }
        if (followers.size() == 1) {
            lookUp();
        }
    }

    /** Answers whether this was the last one. */
    boolean remove(Consumer<List<InetAddress>> follower) {
        followers.remove(follower);
        if (!followers.isEmpty()) {
            return false;
        }
        lookUps++;
        cancelNext();
        return true;
    }

    /** Whether its first look-up has come to an end, good or bad. */
    boolean lookedUp() {
        return lookedUp;
    }

    void whenLookedUp(Runnable listener) {
        whenLookedUp.add(listener);
    }

    /** At once; an answer that is still waited for no longer counts. */
    void lookUp() {
        cancelNext();
        lookUps++;
        int number = lookUps;
        lookUp.start(host, answer -> {
            if (number == lookUps) {
                onAnswer(answer);
            }
        });
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void onAnswer(Answer answer) {
        long ttl = Math.min(ttl(answer.ipv4()), ttl(answer.ipv6()));
        boolean found = ttl < Long.MAX_VALUE;
        if (found) {
            ipv4 = known(answer.ipv4(), ipv4);
            ipv6 = known(answer.ipv6(), ipv6);
            if (failing) {
                EventLoopNames.log.info("name resolved again host={}", host);
            }
        } else if (!failing) {
            EventLoopNames.log.warn("name not resolved host={}: {} ({})", host, detail(answer),
                    addresses.isEmpty() ? "no address is known" : "the last known addresses stay in service");
        }
        failing = !found;
        long delay = found ? Math.clamp(ttl, LEAST_SECONDS, MOST_SECONDS) : backOffSeconds;
        backOffSeconds = found ? LEAST_SECONDS : Math.min(2 * backOffSeconds, MOST_BACK_OFF_SECONDS);
        next = loop.schedule(this::lookUp, delay, TimeUnit.SECONDS);
        publish();
    }

    private void publish() {
        List<InetAddress> now = new ArrayList<>(ipv4);
        now.addAll(ipv6);
        if (!now.equals(addresses)) {
            addresses = List.copyOf(now);
            List.copyOf(followers).forEach(follower -> follower.accept(addresses));
        }
        lookedUp = true;
        List<Runnable> waiting = whenLookedUp;
        whenLookedUp = new ArrayList<>();
        waiting.forEach(Runnable::run);
    }

    private static long ttl(FamilyAnswer answer) {
        return answer instanceof Found found ? found.ttlSeconds() : Long.MAX_VALUE;
    }

    /** Sorted: servers turn the order of the same addresses from answer to answer. */
    private static List<InetAddress> known(FamilyAnswer answer, List<InetAddress> before) {
        return switch (answer) {
            case Found found -> found.addresses().stream().distinct()
                    .sorted((one, other) -> Arrays.compareUnsigned(one.getAddress(), other.getAddress()))
                    .toList();
            case None none -> List.of();
            case Failed failed -> before;
        };
    }

    private static String detail(Answer answer) {
        return answer.ipv4() instanceof Failed failed ? failed.detail() : switch (answer.ipv6()) {
            case Failed failed -> failed.detail();
            case None none -> none.detail();
            case Found found -> "";
        };
    }
}
