package dev.turnout.proxy.app;

import dev.turnout.admin.SessionView;
import dev.turnout.config.Protocol;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Target;
import dev.turnout.proxy.net.Deadlines;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.upstream.Endpoint;
import io.netty.channel.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/** All protocols together: every listener, and the routes behind it. */
final class Fronts implements Closeable {
    private final List<EventLoop> loops;
    private final HttpFront http;
    private final PgFront postgres;

    Fronts(EventLoops eventLoops, HttpFront http, PgFront postgres) {
        loops = eventLoops.each();
        this.http = http;
        this.postgres = postgres;
    }

    /** What is about to be served, of all protocols. */
    record Prepared(HttpFront.Prepared http, PgFront.Prepared postgres) {
        /** Serves these routes, and no others, from now on. Returns when every loop does. */
        void serve() {
            http.serve();
            postgres.serve();
        }

        /** Listens nowhere that was not listened on before. */
        void cancel() {
            http.cancel();
            postgres.cancel();
        }
    }

    /** Binds and reads what these routes need. Throws IOException that says what is in the way; nothing has changed then. */
    Prepared prepare(Collection<LiveRoute> routes) throws IOException {
        HttpFront.Prepared ofHttp = http.prepare(speaking(routes, Protocol.HTTP));
        boolean done = false;
        try {
            PgFront.Prepared ofPostgres = postgres.prepare(speaking(routes, Protocol.POSTGRESQL));
            done = true;
            return new Prepared(ofHttp, ofPostgres);
        } finally {
            if (!done) {
                ofHttp.cancel();
            }
        }
    }

    private static List<LiveRoute> speaking(Collection<LiveRoute> routes, Protocol protocol) {
        return routes.stream().filter(route -> route.config().protocol() == protocol).toList();
    }

    /** Where a route listens; with the port that the system chose, where 0 was asked for. Empty until it does. */
    Optional<InetSocketAddress> address(RouteConfig route) {
        return switch (route.protocol()) {
            case HTTP -> http.address(route);
            case POSTGRESQL -> postgres.address(route);
        };
    }

    /** The PostgreSQL sessions of a route. Blocks until each loop has answered. */
    List<SessionView> sessions(String route) {
        return postgres.sessions(route);
    }

    /** Idle connections to an endpoint that is removed are closed. */
    void retire(Endpoint endpoint) {
        http.retire(endpoint);
    }

    /**
     * Ends the upgraded connections and the sessions of one side, evenly over {@code window}. Completes when each loop has
     * heard of it.
     */
    CompletableFuture<Void> retire(LiveRoute route, Target target, Duration window) {
        return CompletableFuture.allOf(IntStream.range(0, loops.size())
                .mapToObj(number -> CompletableFuture.runAsync(() -> retire(route, target, window, number),
                        loops.get(number)))
                .toArray(CompletableFuture[]::new));
    }

    private static void retire(LiveRoute route, Target target, Duration window, int number) {
        // Some of it is for the peers, to say that they have heard.
        route.longLived(target, number).retire(Deadlines.ticks(window.toNanos() / 5 * 4));
    }

    /** The same for the sessions that are there now; those that come may stay. */
    void dismiss(LiveRoute route, Target target, Duration window) {
        eachSide((side, number) -> {
            if (side == target) {
                route.longLived(side, number).dismiss(Deadlines.ticks(window.toNanos()));
            }
        });
    }

    /** The same for both sides, when nobody has to know of its end. */
    void retire(LiveRoute route, Duration window) {
        eachSide((target, number) -> retire(route, target, window, number));
    }

    private void eachSide(ObjIntConsumer<Target> task) {
        for (int number = 0; number < loops.size(); number++) {
            int of = number;
            loops.get(number).execute(() -> {
                for (Target target : Target.values()) {
                    task.accept(target, of);
                }
            });
        }
    }

    /** Those of the side that have not ended yet stay. */
    void keep(LiveRoute route, Target target) {
        eachSide((side, number) -> {
            if (side == target) {
                route.longLived(target, number).keep();
            }
        });
    }

    /** Certificates that have changed hold for connections that come. Reads files. */
    void refreshTls() {
        postgres.refreshTls();
    }

    /**
     * Accepts nothing more, and lets every connection end with what is under way; upgraded ones are closed, evenly over
     * {@code limit}. Completes when none is left.
     */
    CompletableFuture<Void> drain(Collection<LiveRoute> routes, Duration limit) {
        speaking(routes, Protocol.HTTP).forEach(route -> retire(route, limit));
        CompletableFuture<Void> drained = drainLoops();
        http.stopListening();
        postgres.stopListening();
        // Once more, for those who came until nobody listened any more.
        return drained.thenCompose(ended -> drainLoops());
    }

    private CompletableFuture<Void> drainLoops() {
        return CompletableFuture.allOf(http.drainLoops(), postgres.drainLoops());
    }

    /** Closes every connection, before the loops end: they would leave some open. */
    @Override
    public void close() {
        http.close();
        postgres.close();
    }
}
