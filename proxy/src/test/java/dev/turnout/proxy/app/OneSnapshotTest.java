package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.EndpointState;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.config.Transport;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.routing.RoutingSnapshot;
import dev.turnout.proxy.routing.Split;
import dev.turnout.proxy.testkit.Configs;
import dev.turnout.proxy.testkit.RawConnection;
import dev.turnout.proxy.testkit.RawUpstream;
import dev.turnout.proxy.upstream.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneSnapshotTest {
    private static final Surroundings NO_NAMES_NO_CHECKS = new Surroundings((host, addresses) -> () -> {},
            (subject, health, results) -> () -> {}, System::nanoTime, new SecureRandom(),
            (route, target, sentence) -> {});

    @TempDir
    private Path stateDir;

    @Test
    void readsTheSnapshotOnceForEachRequestEvenIfItIsSentTwice() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        EventLoops loops = EventLoops.start(Transport.NIO, 1, "test-loop");
        try (RawUpstream upstream = new RawUpstream((connection, number) -> {
            // Closes each connection inside its second request: the proxy repeats that one on another.
            connection.message();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            connection.message();
        })) {
            TurnoutConfig config = Configs.oneRoute(stateDir, Transport.NIO, List.of(upstream.port()),
                    List.of(1), false);
            RouteConfig shop = config.routes().getFirst();
            RoutingSnapshot snapshot = new RoutingSnapshot(1, 0,
                    Map.of(shop.name(),
                            new RoutingSnapshot.Route(Split.of(shop.split()), Optional.empty(), 1)));
            LiveRoute route = new LiveRoute(shop, 1, NO_NAMES_NO_CHECKS);
            route.apply(Target.BLUE, Map.of(shop.blue().getFirst(), EndpointState.ACTIVE));
            HttpFront front = new HttpFront(loops, Wheels.turning(loops), () -> {
                reads.incrementAndGet();
                return snapshot;
            }, config.limits(), null, new SecureRandom());
            front.prepare(List.of(route)).serve();
            try (RawConnection client = RawConnection.to(front.address(shop).orElseThrow())) {
                for (int request = 1; request <= 10; request++) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.message()).startsWith("HTTP/1.1 200");
                    assertThat(reads.get()).isEqualTo(request);
                }
            }
            assertThat(upstream.connections()).as("some were sent twice").isGreaterThan(5);
        } finally {
            loops.stop().awaitUninterruptibly();
        }
    }
}
