package dev.turnout.admin.http;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.security.LocalToken;
import dev.turnout.admin.security.Loopback;
import dev.turnout.admin.security.Tokens;
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
    private static final int IDLE_SECONDS = 60;
    /** Fits a reason in a query: 500 characters, each of them nine once encoded. */
    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    /** How long an answer that is being worked on may still take when the server closes. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ExecutorService blocking;
    private final HttpServer server;
    private final Address bound;
    private final AtomicBoolean closed = new AtomicBoolean();

    private AdminServer(Vertx vertx, ExecutorService blocking, HttpServer server, Address bound) {
        this.vertx = vertx;
        this.blocking = blocking;
        this.server = server;
        this.bound = bound;
    }

    /**
     * Listens. Without tokens only on loopback, and one is made and written to {@link LocalToken#file}.
     *
     * @throws IOException with the address, when it cannot be listened on; with the file, when the token cannot be
     *     written
     */
    public static AdminServer start(AdminConfig config, Path stateDir, AdminPorts ports, SecureRandom random)
            throws IOException {
        boolean open = config.tokens().isEmpty();
        Address listen = open ? Loopback.narrow(config.listen()) : config.listen();
        if (!listen.equals(config.listen())) {
            log.warn("admin API narrowed to loopback, because no token is configured configured={} listen={}",
                    config.listen(), listen);
        }
        List<TokenConfig> tokens = open ? List.of(LocalToken.make(random)) : config.tokens();
        AdminServer server = listen(listen, new Tokens(tokens), ports);
        try {
            // Only now: a start that fails must not take the token of a proxy that runs already.
            if (open) {
                LocalToken.write(stateDir, tokens.getFirst());
            } else {
                LocalToken.remove(stateDir);
            }
        } catch (IOException | UnsupportedOperationException e) { // a file system without permissions
            server.close();
            throw new IOException(LocalToken.file(stateDir) + ": cannot be written: " + e, e);
        }
        log.info("admin API listening address={} tokens={}", server.bound,
                open ? LocalToken.file(stateDir) : "from the configuration");
        return server;
    }

    private static AdminServer listen(Address listen, Tokens tokens, AdminPorts ports) throws IOException {
        Vertx vertx = vertx();
        ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
        Gatekeeper gatekeeper = new Gatekeeper(tokens, Loopback.contains(listen.host()));
        HttpServer server = vertx
                .createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .requestHandler(new AdminRouter(vertx, blocking).of(Endpoints.of(ports), gatekeeper));
        try {
            await(server.listen(listen.port(), listen.host()));
            return new AdminServer(vertx, blocking, server, new Address(listen.host(), server.actualPort()));
        } catch (CompletionException e) {
            blocking.close();
            await(vertx.close());
            throw new IOException("admin.listen: " + listen + " cannot be listened on: " + reason(e),
                    e.getCause());
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
        return URI.create("http://" + bound);
    }

    /** Stops listening, lets what is being worked on finish, and ends every thread. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
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
