package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.Target;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators read about the endpoints of one side: one line for each change of state. Any thread. */
record EndpointLog(String route, Target target) {
    private static final Logger log = LoggerFactory.getLogger(EndpointLog.class);

    void lost(Endpoint endpoint, String reason) {
        log.warn("route={} target={} endpoint lost address={}: {}", route, target.label(), endpoint, reason);
    }

    void back(Endpoint endpoint, String reason) {
        log.info("route={} target={} endpoint back address={}: {}", route, target.label(), endpoint, reason);
    }

    void ejected(Endpoint endpoint, long nanos, String reason) {
        log.info("route={} target={} endpoint ejected address={} millis={}: {}", route, target.label(),
                endpoint,
                Duration.ofNanos(nanos).toMillis(), reason);
    }

    void resolved(Address name, List<InetAddress> ips) {
        log.info("route={} target={} name={} resolves to {}", route, target.label(), name,
                ips.stream().map(InetAddress::getHostAddress).toList());
    }
}
