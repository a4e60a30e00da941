package dev.turnout.proxy.http.head;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a scan found, as a value: two scans found the same when these are equal.
 *
 * @param values of all fields, in their order, cut ones too
 * @param facts what the kind of head says beside
 * @param output what is passed on, without the empty line
 */
record Scanned(
        Progress progress,
        @Nullable HeadFault fault,
        String detail,
        int length,
        List<String> values,
        int droppedNames,
        String facts,
        String output) {

    static Scanned of(MessageHead head, Progress progress, ByteBuf in) {
        if (progress == Progress.MORE) {
            return new Scanned(progress, null, "", 0, List.of(), 0, "", "");
        }
        if (progress == Progress.REFUSED) {
            return new Scanned(progress, head.fault(), head.faultDetail(), 0, List.of(), 0, "", "");
        }
        List<String> values = new ArrayList<>();
        for (int index = 0; index < head.fields(); index++) {
            values.add(Bytes.text(in.slice(in.readerIndex() + head.valueStart(index),
                    head.valueEnd(index) - head.valueStart(index))));
        }
        ByteBuf out = Unpooled.buffer();
        head.writeTo(out, in);
        String facts = "length=" + head.contentLength() + " chunked=" + head.chunked() + " http10="
                + head.http10()
                + " persistent=" + head.persistent() + switch (head) {
                    case RequestHead request -> " " + request.method() + " body=" + request.hasBody();
                    case ResponseHead response ->
                        " " + response.status() + " bodyless=" + response.bodyless();
                };
        return new Scanned(progress, null, "", head.length(), values, head.droppedNames(), facts,
                Bytes.text(out));
    }

    static Scanned request(String text) {
        return whole(new RequestHead(HeadLimits.DEFAULT), text);
    }

    static Scanned response(String text) {
        return whole(new ResponseHead(HeadLimits.DEFAULT), text);
    }

    static Scanned whole(MessageHead head, String text) {
        ByteBuf in = Bytes.buffer(text);
        return of(head, head.scan(in), in);
    }

    /** Fed in growing prefixes that end at {@code ends}, each in a buffer of its own, at another offset. */
    static Scanned inSteps(MessageHead head, String text, int... ends) {
        Progress progress = Progress.MORE;
        ByteBuf in = Unpooled.EMPTY_BUFFER;
        for (int step = 0; step < ends.length && progress == Progress.MORE; step++) {
            in = Bytes.buffer(text.substring(0, ends[step]), step % 7 * 3);
            progress = head.scan(in);
        }
        return of(head, progress, in);
    }

    static Scanned byteByByte(MessageHead head, String text) {
        int[] ends = new int[text.length()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i + 1;
        }
        return inSteps(head, text, ends);
    }
}
