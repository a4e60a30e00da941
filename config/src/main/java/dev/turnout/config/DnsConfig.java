package dev.turnout.config;

import java.time.Duration;
import java.util.List;

/**
 * How names of endpoints are looked up.
 *
 * @param servers IP literals and their ports, asked in this order; empty, the default: the system's
 * @param timeout for each query to a server; 100ms..30s, default 2s
 */
public record DnsConfig(List<Address> servers, Duration timeout) {
    public DnsConfig {
        servers = List.copyOf(servers);
    }
}
