package dev.turnout.proxy.pg.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told. Wants as many bytes of each body as it is made to; none may be longer than 1000 bytes. */
final class Frames extends FrameCursor {
    static final int MOST = 1000;

    private final int want;
    private final List<String> seen = new ArrayList<>();

    Frames(int want) {
        this.want = want;
    }

    @Override
    protected int begins(byte messageType, int bodyBytes) {
        seen.add((char) messageType + " " + bodyBytes);
        return want;
    }

    @Override
    protected void read(byte messageType, ByteBuf in, int index, int count) {
        seen.add((char) messageType + ":" + ByteBufUtil.hexDump(in, index, count));
    }

    @Override
    protected @Nullable String refusal(byte messageType, int bodyBytes) {
        return bodyBytes <= MOST ? null : "too long: " + bodyBytes;
    }

    List<String> seen() {
        return seen;
    }
}
