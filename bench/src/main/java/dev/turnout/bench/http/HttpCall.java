package dev.turnout.bench.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The request that is sent over and over. What cannot be sent is an IllegalArgumentException that names the option.
 *
 * @param url absolute, {@code http}
 * @param headers as {@code name:value}
 * @param bodyBytes how many bytes of content, all {@code x}; 0..16 MiB
 */
record HttpCall(URI url, String method, List<String> headers, int bodyBytes) {
    private static final int HTTP_PORT = 80;
    private static final int MOST_BODY = 16 * 1024 * 1024;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    /** The client frames its messages itself. */
    private static final Set<String> OURS = Set.of("content-length", "transfer-encoding", "connection",
            "expect",
            "upgrade");
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie");

    HttpCall {
        headers = List.copyOf(headers);
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null
                || url.getRawFragment() != null || url.getPort() == 0 || url.getPort() > 0xFFFF) {
            throw new IllegalArgumentException("url: " + url + " (expected: http://host:port/path)");
        }
        if (!method.matches(TOKEN) || method.equals("CONNECT")) {
            throw new IllegalArgumentException("method: " + method + " (expected: GET, POST and the like)");
        }
        headers.forEach(HttpCall::check);
        if (bodyBytes < 0 || bodyBytes > MOST_BODY) {
            throw new IllegalArgumentException(
                    "body-size: " + bodyBytes + " (expected: 0 to " + MOST_BODY + " bytes)");
        }
    }

    /** @param url as it was typed */
    static HttpCall of(String url, String method, List<String> headers, int bodyBytes) {
        try {
            return new HttpCall(new URI(url), method, headers, bodyBytes);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "url: " + url + ": " + e.getReason() + " (expected: http://host:port/path)", e);
        }
    }

    private static void check(String header) {
        if (!header.matches(TOKEN + ":[\\t\\x20-\\x7e]*")) {
            throw new IllegalArgumentException("header: " + header + " (expected: name:value, in ASCII)");
        }
        if (OURS.contains(name(header).toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "header: " + header + " (expected: none of " + OURS.stream().sorted().toList() + ")");
        }
    }

    String host() {
        return url.getHost();
    }

    int port() {
        return url.getPort() < 0 ? HTTP_PORT : url.getPort();
    }

    /** In origin form, as it stands in the request line. */
    String target() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** For a report that others will read: credentials are left out. */
    List<String> shownHeaders() {
        return headers.stream()
                .map(header -> SECRET.contains(name(header).toLowerCase(Locale.ROOT))
                        ? name(header) + ": (not shown)"
                        : name(header) + ": " + value(header))
                .toList();
    }

    /** Returns owned. */
    FullHttpRequest request() {
        ByteBuf body = Unpooled.directBuffer(bodyBytes);
        for (int i = 0; i < bodyBytes; i++) {
            body.writeByte('x');
        }
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method),
                target(), body);
        request.headers().set(HttpHeaderNames.HOST, url.getRawAuthority());
        request.headers().set(HttpHeaderNames.USER_AGENT, "turnout-bench");
        if (bodyBytes > 0 || method.equals("POST") || method.equals("PUT")) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, bodyBytes);
        }
        for (String header : headers) {
            if (name(header).equalsIgnoreCase("host")) {
                request.headers().set(HttpHeaderNames.HOST, value(header));
            } else {
                request.headers().add(name(header), value(header));
            }
        }
        return request;
    }

    private static String name(String header) {
        return header.substring(0, header.indexOf(':'));
    }

    private static String value(String header) {
        return header.substring(header.indexOf(':') + 1).strip();
    }
}
