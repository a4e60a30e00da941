package dev.turnout.proxy.pg;

import dev.turnout.config.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One session, for operators.
 *
 * @param id within the process; in the log too
 * @param client address and port
 * @param application as it named itself at the start
 * @param tls whether the client speaks TLS
 * @param state one of {@link dev.turnout.proxy.metrics.SessionMeters#STATES}
 * @param category one of {@link dev.turnout.proxy.metrics.SessionMeters#CLASSES}
 * @param reasons why it is not stateless
 * @param pid of the server's process; 0 when it has named none
 * @param since when the client was let in
 */
public record OpenSession(
        long id,
        String client,
        String user,
        String database,
        Optional<String> application,
        boolean tls,
        String state,
        String category,
        List<String> reasons,
        Target target,
        String endpoint,
        int pid,
        Instant since,
        Instant stateSince) {
    public OpenSession {
        reasons = List.copyOf(reasons);
    }
}
