package dev.turnout.proxy.upstream.dns;

import dev.turnout.config.DnsConfig;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.upstream.dns.SystemFiles.Contents;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Names} on one event loop, which also tells the followers. Any thread. */
public final class EventLoopNames implements Names {
    static final Logger log = LoggerFactory.getLogger(EventLoopNames.class);
    /** How often the files of the machine are looked at. */
    static final long FILES_SECONDS = 5;

    private final EventLoop loop;
    private final Resolver resolver;
    private final SystemFiles files;
    private final Executor blocking;
    private final long firstLookUpsMillis;
    /** From here on: the loop's alone. */
    private final Map<String, FollowedName> names = new HashMap<>();
    private Contents contents;
    private HostsFile hosts;
    private ResolvConf conf;
    private boolean filesReadable = true;

    /** Reads the files of the machine, which may block: made before anything is served. */
    EventLoopNames(EventLoop loop, Resolver resolver, SystemFiles files, Executor blocking,
            long firstLookUpsMillis) {
        this.loop = loop;
        this.resolver = resolver;
        this.files = files;
        this.blocking = blocking;
        this.firstLookUpsMillis = firstLookUpsMillis;
        try {
            contents = files.read();
        } catch (IOException e) {
            filesReadable = false;
            contents = new Contents("", "");
            log.warn("no names of this machine: {}", e.toString());
        }
        hosts = HostsFile.parse(contents.hosts());
        conf = ResolvConf.parse(contents.resolvConf());
        loop.execute(this::awaitNextReading);
    }

    /** Looks names up from {@code loop}; reads the files of the machine, which may block. */
    public static EventLoopNames on(EventLoop loop, EventLoops loops, DnsConfig config) {
        return new EventLoopNames(loop, new DnsResolver(loop, loops, config), SystemFiles.OF_THIS_MACHINE,
                Executors.newVirtualThreadPerTaskExecutor(),
                config.timeout().toMillis() * FamilyQuery.MOST_TRIES);
    }

    @Override
    public Following follow(String host, Consumer<List<InetAddress>> addresses) {
        loop.execute(() -> names.computeIfAbsent(host, name -> new FollowedName(name, loop, this::lookUp))
                .add(addresses));
        return () -> loop.execute(() -> {
            FollowedName name = names.get(host);
            if (name != null && name.remove(addresses)) {
                names.remove(host);
            }
        });
    }

    private void lookUp(String host, Consumer<Answer> answers) {
        Answer known = hosts.answer(host);
        if (known != null) {
            answers.accept(known);
        } else {
            resolver.resolve(host, conf, answers);
        }
    }

    /**
     * Completes, never with a failure, when each name that is followed by now was looked up once; or when that takes too
     * long.
     */
    public Future<Void> firstLookUps() {
        Promise<Void> done = loop.newPromise();
        loop.execute(() -> {
            Runnable check = () -> {
                if (names.values().stream().allMatch(FollowedName::lookedUp)) {
                    done.trySuccess(null);
                }
            };
            names.values().forEach(name -> name.whenLookedUp(check));
            check.run();
            Future<?> bound = loop.schedule(() -> done.trySuccess(null), firstLookUpsMillis,
                    TimeUnit.MILLISECONDS);
            done.addListener(first -> bound.cancel(false));
        });
        return done;
    }

    private void awaitNextReading() {
        loop.schedule(() -> blocking.execute(this::readFiles), FILES_SECONDS, TimeUnit.SECONDS)
                .addListener(scheduled -> {
                    if (!scheduled.isSuccess() && !scheduled.isCancelled() && !loop.isShuttingDown()) {
                        log.error("the files of this machine are followed no longer", scheduled.cause());
                    }
                });
    }

    private void readFiles() {
        try {
            Contents now = files.read();
            loop.execute(() -> onContents(now));
        } catch (IOException e) {
            loop.execute(() -> onUnreadable(e));
        }
    }

    private void onContents(Contents now) {
        filesReadable = true;
        if (!now.equals(contents)) {
            log.info("the files of this machine that tell about names have changed");
            contents = now;
            hosts = HostsFile.parse(now.hosts());
            conf = ResolvConf.parse(now.resolvConf());
            List.copyOf(names.values()).forEach(FollowedName::lookUp);
        }
        awaitNextReading();
    }

    private void onUnreadable(IOException e) {
        if (filesReadable) {
            filesReadable = false;
            log.warn("what this machine says about names stays as it was: {}", e.toString());
        }
        awaitNextReading();
    }
}
