package dev.turnout.admin;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * A request to explain.
 *
 * @param method {@code GET}
 * @param target path and query, as in a request line: {@code /cart?debug=1}
 * @param host without a port; empty: none is asked for
 * @param client empty: not known, so that nothing that asks for it matches
 * @param headers by name; letter case of the names does not matter
 * @param cookies by name
 * @param startup startup parameters of a PostgreSQL session, by name: user, database, application_name and any other
 */
public record SampleRequest(
        String method,
        String target,
        Optional<String> host,
        Optional<InetAddress> client,
        Map<String, String> headers,
        Map<String, String> cookies,
        Map<String, String> startup) {
    public SampleRequest {
        headers = Map.copyOf(headers);
        cookies = Map.copyOf(cookies);
        startup = Map.copyOf(startup);
    }
}
