package dev.turnout.proxy.upstream.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code /etc/resolv.conf} says, as resolv.conf(5) describes it.
 *
 * @param servers in the order in which they are asked
 * @param search domains that a short name is looked for in
 * @param ndots dots from which on a name is first taken as it is
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots) {
    static final int DNS_PORT = 53;
    private static final int MOST_NDOTS = 15;
    private static final String NDOTS = "ndots:";

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /** Passes over what it does not understand, as every resolver does. */
    static ResolvConf parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : text.lines().toList()) {
            List<String> words = Arrays.asList(line.strip().split("\\s+"));
            List<String> values = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" -> values.stream().limit(1).forEach(value -> addServer(servers, value));
                case "search" -> search = values.stream().map(ResolvConf::withoutDot).toList();
                case "domain" -> search = values.stream().limit(1).map(ResolvConf::withoutDot).toList();
                case "options" -> ndots = ndots(values, ndots);
                default -> {
                }
            }
        }
        return new ResolvConf(servers, search.stream().filter(domain -> !domain.isEmpty()).toList(), ndots);
    }

    private static void addServer(List<InetSocketAddress> servers, String value) {
        try {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(value), DNS_PORT));
        } catch (IllegalArgumentException e) {
            EventLoopNames.log.warn("resolv.conf: nameserver {} is passed over: {}", value, e.getMessage());
        }
    }

    private static String withoutDot(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static int ndots(List<String> options, int before) {
        int ndots = before;
        for (String option : options) {
            if (option.matches(NDOTS + "\\d{1,4}")) {
                ndots = Math.min(MOST_NDOTS, Integer.parseInt(option.substring(NDOTS.length())));
            }
        }
        return ndots;
    }

    /** The names under which to look for a host, in this order. */
    List<String> candidates(String host) {
        if (host.endsWith(".")) {
            return List.of(host.substring(0, host.length() - 1));
        }
        List<String> candidates = new ArrayList<>(
                search.stream().map(domain -> host + "." + domain).toList());
        boolean asItIsFirst = host.chars().filter(c -> c == '.').count() >= ndots;
        candidates.add(asItIsFirst ? 0 : candidates.size(), host);
        return candidates;
    }
}
