package dev.turnout.proxy.pg;

import dev.turnout.proxy.metrics.SessionListenerMeters;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.tls.ClientTls;
import dev.turnout.proxy.pg.wire.StartupRequest;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which server command a client's cancel key stands for. A client has the process id of its server and a secret of the
 * proxy's own, so a key is of use for that very session and ends with it. Any thread.
 */
public final class Cancels {
    private static final int SENT = SessionListenerMeters.CANCELS.indexOf("sent");
    private static final int UNKNOWN = SessionListenerMeters.CANCELS.indexOf("unknown");
    private static final int FAILED = SessionListenerMeters.CANCELS.indexOf("failed");
    /** Protocol 3.0 has no longer ones. */
    private static final int SHORT_SECRET_BYTES = 4;
    private static final int LONG_SECRET_BYTES = 32;
    /** The first version of the protocol whose keys may be long. */
    private static final int LONG_KEYS_MINOR = 2;

    /** Sessions by the process id that their clients know; two servers may use the same. */
    private final Map<Integer, List<Ticket>> tickets = new ConcurrentHashMap<>();

    /**
     * The server's end of a session.
     *
     * @param encrypted whether the session speaks TLS with its server; then what cancels it does, too
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Aim(
            InetSocketAddress address,
            String host,
            ClientTls tls,
            boolean encrypted,
            int pid,
            byte[] key) {}

    /** What a session has of it. */
    static final class Ticket {
        private final Aim aim;
        private final byte[] secret;

        private Ticket(Aim aim, byte[] secret) {
            this.aim = aim;
            this.secret = secret;
        }

        byte[] secret() {
            return secret;
        }
    }

    /**
     * Makes a key.
     *
     * @param minor version of the protocol that the client speaks
     * @param random cryptographic
     */
    Ticket register(Aim aim, int minor, RandomGenerator random) {
        byte[] secret = new byte[minor >= LONG_KEYS_MINOR ? LONG_SECRET_BYTES : SHORT_SECRET_BYTES];
        Ticket[] made = new Ticket[1];
        tickets.compute(aim.pid, (pid, known) -> {
            List<Ticket> all = known == null ? new ArrayList<>(1) : new ArrayList<>(known);
            do {
                random.nextBytes(secret);
            } while (find(all, secret) != null);
            made[0] = new Ticket(aim, secret);
            all.add(made[0]);
            return all;
        });
        return made[0];
    }

    /** The session has ended. */
    void forget(Ticket ticket) {
        tickets.computeIfPresent(ticket.aim.pid, (pid, known) -> {
            List<Ticket> left = new ArrayList<>(known);
            left.removeIf(each -> each.equals(ticket));
            return left.isEmpty() ? null : left;
        });
    }

    private static @Nullable Ticket find(List<Ticket> among, byte[] secret) {
        Ticket found = null;
        for (Ticket ticket : among) {
            // All of them, in constant time each: how much of a guess was right is nobody's business.
            if (MessageDigest.isEqual(ticket.secret, secret)) {
                found = ticket;
            }
        }
        return found;
    }

    /**
     * Has the server cancel what the session runs, and closes {@code asking} when it has heard of it, as a server would: a
     * client that has waited for that knows that a later command is not hit. Whether there was such a session is not
     * told.
     */
    void cancel(PgLoop loop, PgRoute route, StartupRequest.Cancel request, Channel asking) {
        Ticket ticket = find(tickets.getOrDefault(request.pid(), List.of()), request.key());
        if (ticket == null || ticket.aim.key.length == 0) {
            route.meters().cancelled(UNKNOWN);
            Channels.close(asking);
            return;
        }
        Aim aim = ticket.aim;
        CancelSender.send(loop, route.config(), aim, heard -> {
            route.meters().cancelled(heard ? SENT : FAILED);
            Channels.close(asking);
        });
    }
}
