package dev.turnout.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule asks of a request; all of it must be so. What is empty asks nothing.
 *
 * @param methods one of these; letter case matters (RFC 9110 9.1)
 * @param hosts one of these, each exact or as {@code *.example.com}
 * @param pathPrefix whole segments at the beginning of the path: {@code /api} is the beginning of {@code /api} and
 *     {@code /api/x}, not of {@code /apis}
 * @param headers exact values by field name in small letters; of the first line, when there are several
 * @param query exact values by parameter, decoded; of the first, when there are several
 * @param startup by startup parameter of a PostgreSQL session, in small letters: one of these values
 * @param clients one of these
 */
public record RequestMatch(
        Set<String> methods,
        List<HostPattern> hosts,
        Optional<String> pathPrefix,
        Map<String, String> headers,
        Map<String, String> query,
        Map<String, List<String>> startup,
        List<AddressRange> clients) {
    /** Every request. */
    public static final RequestMatch ANY = new RequestMatch(Set.of(), List.of(), Optional.empty(), Map.of(),
            Map.of(), Map.of(), List.of());

    public RequestMatch {
        methods = Set.copyOf(methods);
        hosts = List.copyOf(hosts);
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
        startup = Map.copyOf(startup);
        clients = List.copyOf(clients);
    }
}
