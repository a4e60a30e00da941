package dev.turnout.proxy.net.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context in force, and how the next one is made when its files change. Any thread. A connection keeps the context
 * that it began with, which lives until the last such connection is closed.
 */
final class Contexts {
    private static final Logger log = LoggerFactory.getLogger(Contexts.class);

    /**
     * @param context owned by whoever made it
     * @param certificate our own; empty: none
     */
    record Made(SslContext context, Optional<X509Certificate> certificate) {}

    /** Reads the files anew. Throws IOException that names the key, the file and what is wrong with it. */
    interface Maker {
        Made make() throws IOException;
    }

    private final List<Path> files;
    private final Maker maker;
    /** Guards what is in force; never held while a file is read. */
    private final Object swap = new Object();
    private Made made;
    private boolean closed;
    /** Guarded by this, as all of refreshing is. */
    private List<FileStamp> seen;
    private boolean usable = true;

    Contexts(List<Path> files, Maker maker) throws IOException {
        this.files = List.copyOf(files);
        this.maker = maker;
        // Before they are read: what changes meanwhile is then seen at the next refresh.
        this.seen = stamps();
        this.made = make();
    }

    /** What {@code use} makes of the context in force. It must not block. */
    <T> T use(Function<Made, T> use) {
        synchronized (swap) {
            if (closed) {
                throw new IllegalStateException("TLS: closed (expected: open)");
            }
            return use.apply(made);
        }
    }

    /** Whether what is in force is what the files say. */
    synchronized boolean refresh() {
        List<FileStamp> now = stamps();
        if (now.equals(seen)) {
            return usable;
        }
        seen = now;
        try {
            replace(make());
            usable = true;
        } catch (IOException e) {
            usable = false;
            log.warn("{}; what was read before stays in force", e.getMessage());
        }
        return usable;
    }

    private Made make() throws IOException {
        try {
            return maker.make();
        } catch (SSLException e) {
            throw new IOException("tls: " + files + ": not taken: " + e.getMessage()
                    + " (expected: RSA of 2048 bits or more, EC on a curve of NIST, Ed25519)", e);
        }
    }

    private void replace(Made next) {
        Made old;
        synchronized (swap) {
            old = closed ? next : made;
            made = closed ? made : next;
        }
        ReferenceCountUtil.release(old.context());
        log.info("TLS files read again files={}", files);
    }

    /** Connections that are open go on. */
    void close() {
        synchronized (swap) {
            if (!closed) {
                closed = true;
                ReferenceCountUtil.release(made.context());
            }
        }
    }

    private List<FileStamp> stamps() {
        return files.stream().map(FileStamp::of).toList();
    }
}
