package dev.turnout.proxy.routing;

import dev.turnout.config.RequestKey;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A place in a request that is looked at.
 *
 * @param name of a header or a startup parameter in small letters, of a cookie, of a parameter; else empty
 */
record Fact(Kind kind, String name) implements Comparable<Fact> {
    /** The cheapest to read first. */
    enum Kind {
        METHOD, PATH, HOST, CLIENT, STARTUP, HEADER, COOKIE, QUERY
    }

    static Fact of(Kind kind) {
        return new Fact(kind, "");
    }

    static Fact header(String name) {
        return new Fact(Kind.HEADER, name.toLowerCase(Locale.ROOT));
    }

    static Fact query(String name) {
        return new Fact(Kind.QUERY, name);
    }

    static Fact startup(String name) {
        return new Fact(Kind.STARTUP, name.toLowerCase(Locale.ROOT));
    }

    static Fact of(RequestKey key) {
        return switch (key) {
            case RequestKey.Header header -> header(header.name());
            case RequestKey.Cookie cookie -> new Fact(Kind.COOKIE, cookie.name());
            case RequestKey.Query query -> query(query.name());
            case RequestKey.Startup parameter -> startup(parameter.name());
            case RequestKey.ClientAddress _ -> of(Kind.CLIENT);
        };
    }

    @Override
    public int compareTo(Fact other) {
        int kinds = kind.compareTo(other.kind);
        return kinds == 0 ? name.compareTo(other.name) : kinds;
    }

    byte[] nameBytes() {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** As the methods of {@link RequestFacts}; the name comes as bytes, so that none are made for a request. */
    static int read(Kind kind, byte[] name, RequestFacts facts, byte[] into, int offset) {
        return switch (kind) {
            case METHOD -> facts.method(into, offset);
            case PATH -> facts.path(into, offset);
            case HOST -> facts.host(into, offset);
            case CLIENT -> facts.client(into, offset);
            case STARTUP -> facts.startup(name, into, offset);
            case HEADER -> facts.header(name, into, offset);
            case COOKIE -> facts.cookie(name, into, offset);
            case QUERY -> facts.query(name, into, offset);
        };
    }
}
