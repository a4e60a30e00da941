package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner against {@link ReferenceHead}: over heads put together at random, most of them with something amiss. */
class HeadReferenceTest {
    private static final int HEADS = Boolean.getBoolean("turnout.drills") ? 1_000_000 : 20_000;
    private static final HeadLimits LIMITS = new HeadLimits(160, 6, 30);

    private static final List<String> METHODS = List.of("GET", "POST", "OPTIONS", "HEAD", "CONNECT", "get",
            "X-Y", "G T",
            "");
    private static final List<String> TARGETS = List.of("/", "/a?b=c", "*", "http://h/", "http://h",
            "https://H:443?x",
            "http://h:443/", "http://a@h/", "h:80", "/a#b", "/" + "x".repeat(29), "/" + "x".repeat(30), "");
    private static final List<String> VERSIONS = List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0",
            "HTTP/2.0",
            "HTTP/1.", "http/1.1");
    private static final List<String> STATUS = List.of(" 200 OK", " 204 No", " 304 Not", " 103 Early", " 500",
            " 404 ",
            " 99 X", " 600 X", "200");
    private static final List<String> NAMES = List.of("Host", "host", "Content-Length", "content-length",
            "Transfer-Encoding", "Connection", "TE", "Upgrade", "Keep-Alive", "HTTP2-Settings",
            "Proxy-Connection",
            "Expect", "A", "Foo", "X-Foo", "a_b", "Cookie", "content_length", "B ad", "");
    private static final List<String> VALUES = List.of("h", "h:80", "H", "a", "", "5", "05", "0",
            "9223372036854775807", "9223372036854775808", "chunked", "Chunked", "gzip, chunked", "close",
            "keep-alive",
            "foo, a", "A ,\tx-foo,host", "100-continue", "\u00E4 b", " \t x ");
    private static final String NASTY = "\r\n\r\n \t:,_\0\u007F\u0080\u00FF;=/GH1a";

    private final StringBuilder head = new StringBuilder();

    private static String any(SplittableRandom random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String next(SplittableRandom random, boolean request) {
        head.setLength(0);
        boolean tidy = random.nextInt(4) > 0;
        if (request) {
            head.append(random.nextInt(10) == 0 ? "\r\n" : "")
                    .append(tidy ? METHODS.get(random.nextInt(4)) : any(random, METHODS)).append(' ')
                    .append(tidy ? TARGETS.get(random.nextInt(6)) : any(random, TARGETS)).append(' ')
                    .append(tidy ? VERSIONS.get(random.nextInt(4)) : any(random, VERSIONS));
        } else {
            head.append(tidy ? VERSIONS.get(random.nextInt(4)) : any(random, VERSIONS))
                    .append(tidy ? STATUS.get(random.nextInt(6)) : any(random, STATUS));
        }
        head.append("\r\n");
        if (request && random.nextInt(4) > 0) {
            head.append("Host: h\r\n");
        }
        for (int fields = random.nextInt(6); fields > 0; fields--) {
            field(random);
        }
        head.append("\r\n").append("body", 0, random.nextInt(5));
        for (int mutations = random.nextInt(6) - 2; mutations > 0; mutations--) {
            mutate(random);
        }
        return head.toString();
    }

    private void field(SplittableRandom random) {
        if (random.nextBoolean()) {
            head.append(any(random, NAMES)).append(": ").append(any(random, VALUES));
        } else {
            int known = random.nextInt(6);
            head.append(List.of("Content-Length: 7", "Transfer-Encoding: chunked", "Connection: close, foo",
                    "Expect: 100-continue", "Foo: \tbar ", "X-Foo: 1").get(known));
        }
        head.append("\r\n");
    }

    private void mutate(SplittableRandom random) {
        int at = random.nextInt(head.length());
        char nasty = NASTY.charAt(random.nextInt(NASTY.length()));
        switch (random.nextInt(4)) {
            case 0 -> head.setCharAt(at, nasty);
            case 1 -> head.insert(at, nasty);
            case 2 -> head.deleteCharAt(at);
            default -> head.insert(at, head.substring(at, Math.min(head.length(), at + random.nextInt(30))));
        }
    }

    private static Scanned withoutPlace(Scanned found) {
        return new Scanned(found.progress(), found.fault(), "", found.length(), found.values(),
                found.droppedNames(),
                found.facts(), found.output());
    }

    private static int[] someSteps(SplittableRandom random, int length) {
        int[] ends = random.ints(random.nextInt(5), 0, length + 1).sorted().toArray();
        int[] steps = Arrays.copyOf(ends, ends.length + 1);
        steps[ends.length] = length;
        return steps;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20261120})
    void findsInARequestWhatTheReferenceFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RequestHead head = new RequestHead(LIMITS);
        int complete = 0;
        for (int i = 0; i < HEADS; i++) {
            String text = next(random, true);
            Scanned expected = ReferenceHead.request(LIMITS, text);
            head.reset();
            Scanned whole = Scanned.whole(head, text);
            assertThat(withoutPlace(whole)).as("seed %s, head %s: %s", seed, i, text).isEqualTo(expected);
            head.reset();
            Scanned pieces = i % 8 == 0
                    ? Scanned.byteByByte(head, text)
                    : Scanned.inSteps(head, text, someSteps(random, text.length()));
            assertThat(pieces).as("seed %s, head %s in pieces: %s", seed, i, text).isEqualTo(whole);
            complete += whole.progress() == Progress.COMPLETE ? 1 : 0;
        }
        assertThat(complete).as("else nearly nothing is compared").isBetween(HEADS / 10, HEADS * 9 / 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {2, 20261121})
    void findsInAnAnswerWhatTheReferenceFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ResponseHead head = new ResponseHead(LIMITS);
        int complete = 0;
        for (int i = 0; i < HEADS; i++) {
            String text = next(random, false);
            head.reset();
            Scanned whole = Scanned.whole(head, text);
            assertThat(withoutPlace(whole)).as("seed %s, head %s: %s", seed, i, text)
                    .isEqualTo(ReferenceHead.response(LIMITS, text));
            head.reset();
            assertThat(Scanned.inSteps(head, text, someSteps(random, text.length())))
                    .as("seed %s, head %s in pieces: %s", seed, i, text)
                    .isEqualTo(whole);
            complete += whole.progress() == Progress.COMPLETE ? 1 : 0;
        }
        assertThat(complete).as("else nearly nothing is compared").isBetween(HEADS / 10, HEADS * 9 / 10);
    }
}
