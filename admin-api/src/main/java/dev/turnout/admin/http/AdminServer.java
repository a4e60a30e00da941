package dev.turnout.admin.http;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.security.Access;
import dev.turnout.admin.security.LocalToken;
import dev.turnout.admin.security.Loopback;
import dev.turnout.config.Address;
import dev.turnout.config.AdminConfig;
import dev.turnout.config.TokenConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxBootstrap;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin API, listening. Has an event loop of its own, so that nothing asked here delays traffic. */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
    /** Fits a reason in a query: 500 characters, each of them nine once encoded. */
    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    /** How long an answer that is being worked on may still take when the server closes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Address listen;
    private final Access access;
    private final Path stateDir;
    private final EventStreams streams;
    private final Vertx vertx = vertx();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What tests shorten.
     *
     * @param idle how long a client may keep the server waiting
     * @param heartbeat how often an event stream shows that it lives
     */
    record Timing(InstantSource clock, Duration idle, Duration heartbeat) {
        static final Timing USUAL = new Timing(InstantSource.system(), Duration.ofSeconds(60),
                Duration.ofSeconds(15));
    }

    private AdminServer(Address listen, Access access, Path stateDir, AdminPorts ports, Timing timing) {
        this.listen = listen;
        this.access = access;
        this.stateDir = stateDir;
        streams = new EventStreams(timing.heartbeat());
        IdleConnections idle = new IdleConnections(vertx, timing.idle());
        Gatekeeper gatekeeper = new Gatekeeper(access, Loopback.contains(listen.host()));
        server = vertx.createHttpServer(new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES))
                .connectionHandler(idle::opened)
                .requestHandler(
                        new AdminRouter(vertx, blocking, idle).of(Endpoints.of(ports, access, streams),
                                gatekeeper));
    }

    /**
     * Listens. Without tokens only on loopback, and one is made and written to {@link LocalToken#file}.
     *
     * @throws IOException with the address, when it cannot be listened on; with the file, when the token cannot be
     *     written
     */
    public static AdminServer start(AdminConfig config, Path stateDir, AdminPorts ports, SecureRandom random)
            throws IOException {
        return start(config, stateDir, ports, random, Timing.USUAL);
    }

    static AdminServer start(AdminConfig config, Path stateDir, AdminPorts ports, SecureRandom random,
            Timing timing) throws IOException {
        Access access = new Access(config.tokens(), random, timing.clock());
        Address listen = access.isLocal() ? Loopback.narrow(config.listen()) : config.listen();
        if (!listen.equals(config.listen())) {
            log.warn("admin API narrowed to loopback, because no token is configured configured={} listen={}",
                    config.listen(), listen);
        }
        AdminServer server = new AdminServer(listen, access, stateDir, ports, timing);
        server.listen();
        try {
            // Only now: a start that fails must not take the token of a proxy that runs already.
            access.writeLocalToken(stateDir);
        } catch (IOException | UnsupportedOperationException e) { // a file system without permissions
            server.close();
            throw new IOException(LocalToken.file(stateDir) + ": cannot be written: " + e, e);
        }
        log.info("admin API listening address={} tokens={}", server.uri(),
                access.isLocal() ? LocalToken.file(stateDir) : "from the configuration");
        return server;
    }

    private void listen() throws IOException {
        try {
            await(server.listen(listen.port(), listen.host()));
        } catch (CompletionException e) {
            blocking.close();
            await(vertx.close());
            throw new IOException("admin.listen: " + listen + " cannot be listened on: " + reason(e),
                    e.getCause());
        }
    }

    /**
     * Lets in whoever has one of these tokens from the next request on, and ends the sessions of those who have none of
     * them, or another name or role. Any thread.
     *
     * @param tokens empty: the token that was made at the start goes on
     * @throws IllegalArgumentException when they are empty and no token was made: that takes a restart, since it may
     *     take another address
     */
    public void replaceTokens(List<TokenConfig> tokens) {
        access.replace(tokens);
        if (access.isLocal()) {
            return;
        }
        try {
            LocalToken.remove(stateDir);
        } catch (IOException e) {
            log.warn("a token that opens nothing any more cannot be removed file={}: {}",
                    LocalToken.file(stateDir),
                    e.toString());
        }
    }

    /** Not by Vertx.vertx: that tries every transport there is, and loads the native library of each. */
    private static Vertx vertx() {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
        return VertxBootstrap.create().options(options).transport(NioTransport.INSTANCE).init().vertx();
    }

    private static String reason(CompletionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static void await(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    /** Where it listens, with the real port when the system chose it. */
    public URI uri() {
        return URI.create("http://" + new Address(listen.host(), server.actualPort()));
    }

    /** Stops listening, lets what is being worked on finish, and ends every thread. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            streams.close();
            await(server.shutdown(GRACE));
            endBlocking();
        } finally {
            await(vertx.close());
        }
    }

    /** Without an interrupt: it would close the file that a change is being written to. */
    private void endBlocking() {
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("admin API closed while something asked of it still runs waitedSeconds={}",
                        GRACE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
