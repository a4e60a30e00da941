package dev.turnout.proxy.http.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit at its last allowed value, and one beyond. */
class HeadLimitsTest {
    private static final HeadLimits SMALL = new HeadLimits(100, 3, 20);
    private static final String START = "GET / HTTP/1.1\r\nHost: h\r\n";

    private static Scanned scan(String head) {
        return Scanned.whole(new RequestHead(SMALL), head);
    }

    private static String ofLength(int bytes) {
        String end = "\r\n\r\n";
        return START + "A: " + "x".repeat(bytes - START.length() - 3 - end.length()) + end;
    }

    private static String withTarget(int bytes) {
        return "GET /" + "x".repeat(bytes - 1) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    @Test
    void takesAHeadOfExactlyTheLimit() {
        assertThat(scan(ofLength(100)).progress()).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void refusesAHeadOneByteLonger() {
        assertThat(scan(ofLength(101)).fault()).isEqualTo(HeadFault.TOO_LARGE);
    }

    @Test
    void refusesAHeadAsSoonAsItCannotFitAnyMore() {
        assertThat(scan(ofLength(150).substring(0, 100)).fault()).isEqualTo(HeadFault.TOO_LARGE);
    }

    @Test
    void waitsForTheLastByteThatMayCome() {
        assertThat(scan(ofLength(150).substring(0, 99)).progress()).isEqualTo(Progress.MORE);
    }

    @Test
    void takesABodyBehindAHeadOfExactlyTheLimit() {
        assertThat(scan(ofLength(100) + "body").length()).isEqualTo(100);
    }

    @Test
    void takesATargetOfExactlyTheLimit() {
        assertThat(scan(withTarget(20)).progress()).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void refusesATargetOneByteLonger() {
        assertThat(scan(withTarget(21)).fault()).isEqualTo(HeadFault.TARGET_TOO_LONG);
    }

    @Test
    void blamesTheTargetForAHeadThatItFills() {
        RequestHead head = new RequestHead(new HeadLimits(100, 3, 100));
        assertThat(Scanned.whole(head, withTarget(100)).fault()).isEqualTo(HeadFault.TARGET_TOO_LONG);
    }

    @Test
    void takesAMethodOf32Letters() {
        assertThat(scan("M".repeat(32) + START.substring(3) + "\r\n").progress())
                .isEqualTo(Progress.COMPLETE);
    }

    @Test
    void takesAsManyFieldsAsAllowed() {
        assertThat(scan(START + "A: b\r\nC: d\r\n\r\n").progress()).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void refusesOneFieldMore() {
        assertThat(scan(START + "A: b\r\nC: d\r\nE: f\r\n\r\n").fault()).isEqualTo(HeadFault.TOO_MANY_FIELDS);
    }

    @Test
    void countsFieldsThatAreCut() {
        assertThat(scan(START + "TE: b\r\na_b: d\r\nE: f\r\n\r\n").fault())
                .isEqualTo(HeadFault.TOO_MANY_FIELDS);
    }

    @Test
    void takes128FieldsWhereThatManyAreAllowed() {
        HeadLimits most = new HeadLimits(32 * 1024, FieldSection.MOST_FIELDS, 20);
        String cut = "TE: b\r\n".repeat(127);
        assertThat(Scanned.whole(new RequestHead(most), START + cut + "\r\n").output()).isEqualTo(START);
    }

    @Test
    void namesTheLimitThatWasPassed() {
        assertThat(Stream.of(ofLength(101), withTarget(21), START + "A: b\r\n".repeat(3))
                .map(head -> scan(head).detail()))
                .containsExactly("head: more than 100 bytes (expected: at most 100)",
                        "request target: more than 20 bytes (expected: at most 20)",
                        "head: more than 3 fields (expected: at most 3)");
    }

    private static String withOptions(int options) {
        return START + "Connection:" + "a,".repeat(20) + "\r\nConnection:" + "b,".repeat(options - 20)
                + "\r\n\r\n";
    }

    @Test
    void takesAsManyConnectionOptionsAsAllowed() {
        assertThat(Scanned.request(withOptions(32)).output()).isEqualTo(START);
    }

    @Test
    void refusesOneConnectionOptionMore() {
        assertThat(Scanned.request(withOptions(33)).detail())
                .as("each is looked for among all fields")
                .isEqualTo("Connection: more than 32 options (expected: at most 32)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 99, 100})
    void refusesTheSameWhateverTheFragmentation(int bytes) {
        String head = ofLength(101);
        int[] ends = new int[(head.length() + bytes - 1) / bytes];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = Math.min(head.length(), (i + 1) * bytes);
        }
        assertThat(Scanned.inSteps(new RequestHead(SMALL), head, ends)).isEqualTo(scan(head));
    }

    @ParameterizedTest
    @CsvSource({"63,1,1", "64,0,1", "64,129,1", "64,1,0", "64,1,65"})
    void refusesLimitsThatMakeNoSense(int bytes, int fields, int targetBytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeadLimits(bytes, fields, targetBytes));
    }
}
