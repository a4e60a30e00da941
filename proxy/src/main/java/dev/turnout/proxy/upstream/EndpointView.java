package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import java.net.InetAddress;
import java.util.List;

/**
 * A configured address, for operators.
 *
 * @param healthy whether any of its addresses is
 * @param drained whether new requests are kept away
 * @param inFlight requests under way, those to addresses that DNS has dropped included
 * @param resolved what the host stands for at present; empty while nothing is known
 * @param lastCheck what the last check saw, of an address that is not well if there is one; empty before the first
 */
public record EndpointView(
        Address address,
        boolean healthy,
        boolean drained,
        long inFlight,
        List<InetAddress> resolved,
        String lastCheck) {
    public EndpointView {
        resolved = List.copyOf(resolved);
    }
}
