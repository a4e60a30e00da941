package dev.turnout.admin.http;

import dev.turnout.admin.SampleRequest;
import dev.turnout.config.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the request to explain from the parameters of a query. */
final class SampleRequests {
    private static final String[] OF_HTTP = {"method", "path", "host", "client", "header", "cookie"};
    private static final String[] OF_POSTGRES = {"user", "database", "application", "startup", "client"};
    private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+");
    /** RFC 9110 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    /** What the proxy accepts in a request line. */
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^\"#<>]]*");
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]*");

    private SampleRequests() {}

    static SampleRequest of(Call call, Protocol protocol) {
        return switch (protocol) {
            case HTTP -> request(Query.of(call, OF_HTTP));
            case POSTGRESQL -> session(Query.of(call, OF_POSTGRES));
        };
    }

    private static SampleRequest session(Query query) {
        Map<String, String> startup = new TreeMap<>();
        pairs("startup", query.all("startup"), true)
                .forEach((name, value) -> startup.put(name.toLowerCase(Locale.ROOT), value));
        put(startup, "user", "user", query);
        put(startup, "database", "database", query);
        put(startup, "application", "application_name", query);
        Optional.ofNullable(startup.get("user")).ifPresent(user -> startup.putIfAbsent("database", user));
        return new SampleRequest("GET", "/", Optional.empty(),
                query.one("client").map(SampleRequests::address),
                Map.of(), Map.of(), startup);
    }

    private static void put(Map<String, String> startup, String parameter, String name, Query query) {
        query.one(parameter).map(text -> matching(parameter, text, VALUE, "a text in one line"))
                .ifPresent(text -> {
                    if (startup.put(name, text) != null) {
                        throw Query.refused(parameter, '"' + name + "\" in startup too",
                                "each startup parameter once");
                    }
                });
    }

    private static SampleRequest request(Query query) {
        return new SampleRequest(
                query.one("method").map(text -> matching("method", text, TOKEN, "a method like GET"))
                        .orElse("GET"),
                query.one("path")
                        .map(text -> matching("path", text, TARGET,
                                "path and query as in a request line, from its / on: visible ASCII without \" # < >"))
                        .orElse("/"),
                query.one("host").map(text -> matching("host", text, HOST, "a host name without a port")),
                query.one("client").map(SampleRequests::address),
                pairs("header", query.all("header"), true),
                pairs("cookie", query.all("cookie"), false), Map.of());
    }

    private static String matching(String name, String text, Pattern allowed, String expected) {
        if (!allowed.matcher(text).matches()) {
            throw Query.refused(name, '"' + text + '"', expected);
        }
        return text;
    }

    private static InetAddress address(String text) {
        try {
            // Java makes an IPv4 address of one that is mapped into IPv6; of 10.1 too, which is a slip.
            return InetAddress.ofLiteral(matching("client", text, ADDRESS, "an IP address"));
        } catch (IllegalArgumentException e) {
            throw Query.refused("client", '"' + text + '"', "an IP address");
        }
    }

    /** @param anyCase whether names differ by more than the case of their letters */
    private static Map<String, String> pairs(String parameter, List<String> texts, boolean anyCase) {
        Map<String, String> pairs = anyCase ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        for (String text : texts) {
            String[] parts = text.split("=", 2);
            if (parts.length < 2 || !TOKEN.matcher(parts[0]).matches()
                    || !VALUE.matcher(parts[1]).matches()) {
                throw Query.refused(parameter, '"' + text + '"', "name=value in one line");
            }
            if (pairs.put(parts[0], parts[1]) != null) {
                throw Query.refused(parameter, '"' + parts[0] + "\" twice",
                        "each " + parameter + " once");
            }
        }
        return pairs;
    }
}
