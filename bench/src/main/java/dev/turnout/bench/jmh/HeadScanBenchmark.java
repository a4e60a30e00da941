package dev.turnout.bench.jmh;

import dev.turnout.proxy.http.head.FieldSection;
import dev.turnout.proxy.http.head.HeadLimits;
import dev.turnout.proxy.http.head.MessageHead;
import dev.turnout.proxy.http.head.RequestHead;
import dev.turnout.proxy.http.head.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to scan a whole head that arrived in one piece: a request of 220 bytes as an API client sends it,
 * one of 1 KiB as a browser does, and an answer.
 *
 * <pre>{@code
 * ./turnout version
 * "$JAVA_HOME/bin/java" -cp "$(cat bench/target/launcher.stamp)" org.openjdk.jmh.Main HeadScan
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class HeadScanBenchmark {
    private static final String SMALL = """
            GET /api/v1/orders/18446?expand=items HTTP/1.1
            Host: shop.example.com
            User-Agent: okhttp/4.9
            Accept: application/json
            Accept-Encoding: gzip
            Cookie: uid=8f14e45f-ceea-467f-a8d4
            Connection: keep-alive
            X-Pad:\s""";
    private static final String LARGE = """
            GET /checkout/cart?step=2&ref=mail HTTP/1.1
            Host: shop.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.9,de;q=0.8
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://shop.example.com/checkout/address
            Sec-Fetch-Dest: document
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Site: same-origin
            Upgrade-Insecure-Requests: 1
            Cache-Control: max-age=0
            Connection: keep-alive
            Cookie: theme=dark; uid=8f14e45f-ceea-467f-a8d4; session=\s""";
    private static final String ANSWER = """
            HTTP/1.1 200 OK
            Date: Sat, 17 Oct 2026 09:15:02 GMT
            Content-Type: application/json; charset=utf-8
            Cache-Control: no-store
            Vary: Accept-Encoding
            Content-Length:\s""";

    private final ByteBuf small = head(SMALL, 'a', 220);
    private final ByteBuf large = head(LARGE, 'a', 1024);
    private final ByteBuf answer = head(ANSWER, '1', ANSWER.length() + 20);
    private final RequestHead request = new RequestHead(HeadLimits.DEFAULT);
    private final ResponseHead response = new ResponseHead(HeadLimits.DEFAULT);

    /** Pads the last value so that the head has this many bytes; at least three for the value. */
    private static ByteBuf head(String lines, char padding, int bytes) {
        String begun = lines.replace("\n", "\r\n");
        String head = begun + String.valueOf(padding).repeat(Math.max(3, bytes - begun.length() - 4))
                + "\r\n\r\n";
        return Unpooled.directBuffer(head.length()).writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public FieldSection.Progress request220Bytes() {
        return scan(request, small);
    }

    @Benchmark
    public FieldSection.Progress request1KiB() {
        return scan(request, large);
    }

    @Benchmark
    public FieldSection.Progress response() {
        return scan(response, answer);
    }

    private static FieldSection.Progress scan(MessageHead head, ByteBuf in) {
        head.reset();
        FieldSection.Progress progress = head.scan(in);
        if (progress != FieldSection.Progress.COMPLETE) {
            throw new IllegalStateException(
                    "head: " + progress + " (expected: a whole one), " + head.faultDetail());
        }
        return progress;
    }
}
