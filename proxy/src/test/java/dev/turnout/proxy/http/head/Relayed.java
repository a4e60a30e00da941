package dev.turnout.proxy.http.head;

import dev.turnout.proxy.testkit.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a framing makes of a body that comes in pieces, as its callers relay it.
 *
 * @param out what goes on
 * @param rest what stands behind the body; null unless it is done
 */
record Relayed(String out, @Nullable String rest, @Nullable HeadFault fault) {
    static Relayed of(BodyFraming body, List<String> pieces) {
        StringBuilder out = new StringBuilder();
        String pending = "";
        int offset = 0;
        for (String piece : pieces) {
            // Another buffer, another place in it: only what was not taken is shown again.
            ByteBuf in = Bytes.buffer(pending + piece, offset++ % 5);
            int bytes = body.next(in);
            while (bytes != 0) {
                if (bytes > 0) {
                    out.append(Bytes.text(in.readSlice(bytes)));
                } else {
                    in.skipBytes(-bytes);
                }
                bytes = body.next(in);
            }
            pending = Bytes.text(in);
        }
        return new Relayed(out.toString(), body.done() ? pending : null, body.fault());
    }

    static Relayed chunked(List<String> pieces) {
        BodyFraming body = new BodyFraming(HeadLimits.DEFAULT);
        body.chunked();
        return of(body, pieces);
    }

    static Relayed chunked(String whole) {
        return chunked(List.of(whole));
    }
}
