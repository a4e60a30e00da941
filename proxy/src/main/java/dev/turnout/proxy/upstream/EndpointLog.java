package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.Target;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators read about the endpoints of one side: a line and an event for each change of state. Any thread. */
record EndpointLog(String route, Target target, EndpointEvents events) {
    private static final Logger log = LoggerFactory.getLogger(EndpointLog.class);
    private static final long MANY_MILLIS = TimeUnit.SECONDS.toMillis(10);

    void lost(Endpoint endpoint, String reason) {
        log.warn("route={} target={} endpoint lost address={}: {}", route, target.label(), endpoint, reason);
        tell(endpoint + " lost: " + reason);
    }

    void back(Endpoint endpoint, String reason) {
        log.info("route={} target={} endpoint back address={}: {}", route, target.label(), endpoint, reason);
        tell(endpoint + " back: " + reason);
    }

    void ejected(Endpoint endpoint, long nanos, String reason) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        log.info("route={} target={} endpoint ejected address={} millis={}: {}", route, target.label(),
                endpoint, millis, reason);
        tell(endpoint + " out for " + text(millis) + ": " + reason);
    }

    void resolved(Address name, List<InetAddress> ips) {
        String addresses = ips.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        log.info("route={} target={} name={} resolves to {}", route, target.label(), name, addresses);
        tell("name " + name + " resolves to " + addresses);
    }

    private void tell(String what) {
        events.happened(route, target, target.label() + " " + what);
    }

    /** Whole seconds from ten on: the rest is chance. */
    private static String text(long millis) {
        return millis < MANY_MILLIS ? millis + " ms" : TimeUnit.MILLISECONDS.toSeconds(millis) + " s";
    }
}
