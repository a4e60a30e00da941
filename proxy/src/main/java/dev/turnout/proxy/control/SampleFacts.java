package dev.turnout.proxy.control;

import dev.turnout.admin.SampleRequest;
import dev.turnout.proxy.routing.QueryParameter;
import dev.turnout.proxy.routing.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request that an operator made up, as the ladder sees it. */
final class SampleFacts implements RequestFacts {
    private final SampleRequest request;
    private final Map<String, String> headers = new HashMap<>();
    private final String path;
    private final byte[] query;

    SampleFacts(SampleRequest request) {
        this.request = request;
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        int mark = request.target().indexOf('?');
        path = mark < 0 ? request.target() : request.target().substring(0, mark);
        query = bytes(mark < 0 ? "" : request.target().substring(mark + 1));
    }

    /** In bytes: more than any of its values has. */
    int longestValue() {
        return Stream.of(headers.values(), request.cookies().values(), request.startup().values(),
                List.of(request.method(), request.target(), request.host().orElse("")))
                .flatMap(Collection::stream)
                .mapToInt(text -> bytes(text).length)
                .max()
                .orElse(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int copy(@Nullable String value, byte[] into, int offset) {
        return value == null ? ABSENT : copy(bytes(value), into, offset);
    }

    private static int copy(byte[] value, byte[] into, int offset) {
        System.arraycopy(value, 0, into, offset, value.length);
        return value.length;
    }

    @Override
    public int header(byte[] lowerCaseName, byte[] into, int offset) {
        return copy(headers.get(new String(lowerCaseName, StandardCharsets.US_ASCII)), into, offset);
    }

    @Override
    public int cookie(byte[] name, byte[] into, int offset) {
        return copy(request.cookies().get(new String(name, StandardCharsets.US_ASCII)), into, offset);
    }

    @Override
    public int query(byte[] name, byte[] into, int offset) {
        return QueryParameter.value(query, 0, query.length, name, into, offset);
    }

    @Override
    public int startup(byte[] lowerCaseName, byte[] into, int offset) {
        return copy(request.startup().get(new String(lowerCaseName, StandardCharsets.US_ASCII)), into,
                offset);
    }

    @Override
    public int method(byte[] into, int offset) {
        return copy(request.method(), into, offset);
    }

    @Override
    public int path(byte[] into, int offset) {
        return copy(path, into, offset);
    }

    @Override
    public int host(byte[] into, int offset) {
        return copy(request.host().map(host -> host.toLowerCase(Locale.ROOT)).orElse(null), into, offset);
    }

    @Override
    public int client(byte[] into, int offset) {
        // Java makes an IPv4 address of one that is mapped into IPv6.
        return request.client().map(client -> copy(client.getAddress(), into, offset)).orElse(ABSENT);
    }
}
