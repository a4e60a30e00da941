package dev.turnout.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of headers and cookies. Header names as a head finds them: in small letters. */
final class FakeFacts implements RequestFacts {
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, String> cookies = new HashMap<>();

    FakeFacts header(String lowerCaseName, String value) {
        headers.put(lowerCaseName, value);
        return this;
    }

    FakeFacts cookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    @Override
    public int header(byte[] lowerCaseName, byte[] into, int offset) {
        return copy(headers.get(new String(lowerCaseName, StandardCharsets.US_ASCII)), into, offset);
    }

    @Override
    public int cookie(byte[] name, byte[] into, int offset) {
        return copy(cookies.get(new String(name, StandardCharsets.US_ASCII)), into, offset);
    }

    private static int copy(@Nullable String value, byte[] into, int offset) {
        if (value == null) {
            return ABSENT;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        return bytes.length;
    }
}
