package dev.turnout.proxy.routing;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of what a test names: by default {@code GET /} for a.example from 192.0.2.1. Header names as a head finds
 * them, in small letters.
 */
final class FakeFacts implements RequestFacts {
    final Map<String, String> headers = new HashMap<>();
    final Map<String, String> cookies = new HashMap<>();
    final Map<String, String> query = new HashMap<>();
    final Map<String, String> startup = new HashMap<>();
    String method = "GET";
    String path = "/";
    String host = "a.example";
    byte[] client = {(byte) 192, 0, 2, 1};
    private int reads;

    FakeFacts header(String lowerCaseName, String value) {
        headers.put(lowerCaseName, value);
        return this;
    }

    FakeFacts cookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    FakeFacts query(String name, String value) {
        query.put(name, value);
        return this;
    }

    FakeFacts startup(String lowerCaseName, String value) {
        startup.put(lowerCaseName, value);
        return this;
    }

    FakeFacts method(String name) {
        method = name;
        return this;
    }

    FakeFacts path(String sent) {
        path = sent;
        return this;
    }

    FakeFacts host(String name) {
        host = name;
        return this;
    }

    FakeFacts client(String address) {
        client = InetAddress.ofLiteral(address).getAddress();
        return this;
    }

    /** How often anything was asked. */
    int reads() {
        return reads;
    }

    @Override
    public int header(byte[] lowerCaseName, byte[] into, int offset) {
        return copy(headers.get(text(lowerCaseName)), into, offset);
    }

    @Override
    public int cookie(byte[] name, byte[] into, int offset) {
        return copy(cookies.get(text(name)), into, offset);
    }

    @Override
    public int query(byte[] name, byte[] into, int offset) {
        return copy(query.get(text(name)), into, offset);
    }

    @Override
    public int startup(byte[] lowerCaseName, byte[] into, int offset) {
        return copy(startup.get(text(lowerCaseName)), into, offset);
    }

    @Override
    public int method(byte[] into, int offset) {
        return copy(method, into, offset);
    }

    @Override
    public int path(byte[] into, int offset) {
        return copy(path, into, offset);
    }

    @Override
    public int host(byte[] into, int offset) {
        return copy(host, into, offset);
    }

    @Override
    public int client(byte[] into, int offset) {
        return copy(client, into, offset);
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    private int copy(@Nullable String value, byte[] into, int offset) {
        return copy(value == null ? null : value.getBytes(StandardCharsets.UTF_8), into, offset);
    }

    private int copy(byte @Nullable [] value, byte[] into, int offset) {
        reads++;
        if (value == null) {
            return ABSENT;
        }
        System.arraycopy(value, 0, into, offset, value.length);
        return value.length;
    }
}
