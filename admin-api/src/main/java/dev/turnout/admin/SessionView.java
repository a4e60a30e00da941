package dev.turnout.admin;

import dev.turnout.config.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One PostgreSQL session.
 *
 * @param id within the process; in the log too
 * @param client address and port
 * @param user it logged in as
 * @param application as it named itself at the start; empty: it did not
 * @param tls whether the client speaks TLS
 * @param state {@code starting}, {@code idle}, {@code active}, {@code idle-in-transaction},
 *     {@code failed-transaction} or {@code closing}
 * @param category what moving it would take, as far as what passed through tells: {@code stateless},
 *     {@code replayable} or {@code pinned}
 * @param reasons why it is not stateless
 * @param target empty until its side is decided
 * @param endpoint empty until it has a server connection
 * @param pid of the server's process; 0 as long as there is none
 * @param since when it connected
 * @param stateSince when its state last changed
 */
public record SessionView(
        long id,
        String client,
        String user,
        String database,
        Optional<String> application,
        boolean tls,
        String state,
        String category,
        List<String> reasons,
        Optional<Target> target,
        Optional<String> endpoint,
        int pid,
        Instant since,
        Instant stateSince) {
    public SessionView {
        reasons = List.copyOf(reasons);
    }
}
