package dev.turnout.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.routing.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadFactsTest {
    private static final int OFFSET = 3;

    private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    private final HeadFacts facts = new HeadFacts(HeadLimits.DEFAULT);
    private final byte[] into = new byte[256];

    /** After bytes that belong to an earlier request, as in a pipeline. */
    private ByteBuf scanned(String fields) {
        return scanned("GET / HTTP/1.1\r\nHost: a\r\n", fields);
    }

    private ByteBuf scanned(String start, String fields) {
        head.reset();
        ByteBuf in = Unpooled.copiedBuffer("earlier" + start + fields + "\r\n",
                StandardCharsets.ISO_8859_1).skipBytes("earlier".length());
        assertThat(head.scan(in)).isEqualTo(Progress.COMPLETE);
        facts.of(head, in, null);
        return in;
    }

    private String copied(int length) {
        return length == RequestFacts.ABSENT
                ? "absent"
                : new String(into, OFFSET, length, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/cart?a=1|GET|/cart", "/|GET|/", "/?|PUT|/", "*|OPTIONS|*",
        "http://a/cart?x|GET|/cart", "http://a|GET|/", "http://a?x=1|GET|''", "/a%2Fb?c?d|purge|/a%2Fb"})
    void readsMethodAndPath(String target, String method, String path) {
        scanned(method + " " + target + " HTTP/1.1\r\nHost: a\r\n", "");
        assertThat(copied(facts.method(into, OFFSET))).isEqualTo(method);
        assertThat(copied(facts.path(into, OFFSET))).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({"shop.example,shop.example", "SHOP.Example:8080,shop.example", "10.0.0.1:80,10.0.0.1",
        "[::1]:80,[::1]", "[FE80::A],[fe80::a]", "a,a"})
    void readsTheHostInSmallLettersWithoutItsPort(String field, String host) {
        scanned("GET / HTTP/1.1\r\nHost: " + field + "\r\n", "");
        assertThat(copied(facts.host(into, OFFSET))).isEqualTo(host);
    }

    @Test
    void hasNoHostWhereHttp10NamesNone() {
        scanned("GET / HTTP/1.0\r\n", "");
        assertThat(facts.host(into, OFFSET)).isEqualTo(RequestFacts.ABSENT);
    }

    @Test
    void readsAParameterOfTheQuery() {
        scanned("GET /p?uid=x&debug=a%20b HTTP/1.1\r\nHost: a\r\n", "");
        assertThat(copied(facts.query(ascii("debug"), into, OFFSET))).isEqualTo("a b");
        assertThat(facts.query(ascii("p"), into, OFFSET)).isEqualTo(RequestFacts.ABSENT);
    }

    @Test
    void readsNoParameterWhereThereIsNoQuery() {
        scanned("GET /debug=1 HTTP/1.1\r\nHost: a\r\n", "");
        assertThat(facts.query(ascii("/debug"), into, OFFSET)).isEqualTo(RequestFacts.ABSENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "uid=7|7", "a=b; uid=7|7", "a=b;uid=7|7", "a=b;   uid=7; c=d|7", "uid=|''", "xuid=7|absent",
        "uidx=7|absent",
        "UID=7|absent", "uid|absent", "a=uid=7|absent", "uid=1; uid=2|1", "uid=\"7\"|\"7\"", "uid=a=b|a=b"
    })
    void readsTheFirstCookieOfAName(String cookies, String value) {
        scanned("Cookie: " + cookies + "\r\n");

        assertThat(copied(facts.cookie(ascii("uid"), into, OFFSET))).isEqualTo(value);
    }

    @Test
    void looksThroughEveryCookieField() {
        scanned("Cookie: a=b\r\nX: y\r\ncookie: uid=7\r\n");

        assertThat(copied(facts.cookie(ascii("uid"), into, OFFSET))).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-User: 7\r\n", "x-user:7\r\n", "X-USER: \t7 \r\nX-User: 8\r\n"})
    void readsTheFirstHeaderOfANameWhateverItsLetterCase(String fields) {
        scanned(fields);

        assertThat(copied(facts.header(ascii("x-user"), into, OFFSET))).isEqualTo("7");
        assertThat(facts.header(ascii("x-users"), into, OFFSET)).isEqualTo(RequestFacts.ABSENT);
    }

    @Test
    void passesOnWhatDecidedEvenIfTheClientNominatesItForThisHop() {
        ByteBuf in = scanned("Connection: user-id, other\r\nUser-Id: 7\r\nOther: 8\r\n");
        ByteBuf out = Unpooled.buffer();

        assertThat(copied(facts.header(ascii("user-id"), into, OFFSET))).isEqualTo("7");
        head.writeTo(out, in);

        assertThat(out.toString(StandardCharsets.ISO_8859_1))
                .as("the endpoint must see the key by which the request came to it")
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nUser-Id: 7\r\n");
    }

    @Test
    void passesOnAndDoesNotCountAnUnderscoreThatTheSplitAskedFor() {
        ByteBuf in = scanned("x_user: 7\r\nx_other: 8\r\n");
        ByteBuf out = Unpooled.buffer();

        assertThat(copied(facts.header(ascii("x_user"), into, OFFSET))).isEqualTo("7");
        head.writeTo(out, in);

        assertThat(out.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nx_user: 7\r\n");
        assertThat(head.droppedNames()).isEqualTo(1);
    }
}
