package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.turnout.proxy.testkit.Bytes;
import dev.turnout.proxy.testkit.SuspiciousRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scanner and the framing against the slow, obvious references, whole and in pieces. Normally over the seeds; with
 * {@code JAZZER_FUZZ=1} in the environment over what Jazzer makes of them.
 */
class FramingFuzzTest {
    private static final HeadLimits LIMITS = new HeadLimits(200, 6, 30);
    /** The first byte of an input says what the rest is: by its lowest two bits; and the others, in what pieces. */
    private static final int REQUEST = 0;
    private static final int ANSWER = 1;
    private static final int KINDS = 3;

    static Stream<byte[]> seeds() {
        Stream<String> requests = SuspiciousRequest.all().stream()
                .map(SuspiciousRequest::bytes)
                .filter(bytes -> bytes.length() < 500);
        Stream<String> answers = Stream.of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 304\r\nConnection: x, close\r\nX: y\r\n\r\n",
                "HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 204 \r\nContent-Length: 3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n");
        List<String> bodies = SuspiciousRequest.all().stream()
                .map(SuspiciousRequest::bytes)
                .filter(bytes -> bytes.length() < 500 && bytes.contains("chunked\r\n\r\n"))
                .map(bytes -> bytes.substring(bytes.indexOf("\r\n\r\n") + 4))
                .toList();
        return Stream.of(requests.map(text -> "\30" + text), answers.map(text -> "\31" + text),
                bodies.stream().map(text -> "\32" + text)).flatMap(texts -> texts).map(Bytes::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void readsWhatTheReferenceReads(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        int piece = 1 + (input[0] & 0xFF) / 4;
        switch ((input[0] & 3) % KINDS) {
            case REQUEST ->
                compare(new RequestHead(LIMITS), ReferenceHead.request(LIMITS, text), text, piece);
            case ANSWER ->
                compare(new ResponseHead(LIMITS), ReferenceHead.response(LIMITS, text), text, piece);
            default -> compareBodies(text, piece);
        }
    }

    private static void compare(MessageHead head, Scanned expected, String text, int piece) {
        Scanned whole = Scanned.whole(head, text);
        assertThat(new Scanned(whole.progress(), whole.fault(), "", whole.length(), whole.values(),
                whole.droppedNames(), whole.facts(), whole.output())).isEqualTo(expected);
        int[] ends = new int[(text.length() + piece - 1) / piece];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = Math.min(text.length(), (i + 1) * piece);
        }
        head.reset();
        assertThat(Scanned.inSteps(head, text, ends)).isEqualTo(whole);
    }

    private static void compareBodies(String text, int piece) {
        BodyFraming framing = new BodyFraming(LIMITS);
        Relayed expected = ReferenceBody.chunked(LIMITS, text);
        for (int size : new int[]{Math.max(1, text.length()), piece}) {
            framing.chunked();
            Relayed found = Relayed.of(framing, Bytes.fragments(text, size));
            assertThat(found.fault() == null ? found : new Relayed("", null, found.fault()))
                    .isEqualTo(expected);
        }
    }
}
