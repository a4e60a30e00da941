package dev.turnout.proxy.http;

import dev.turnout.proxy.failure.ProxyFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The answers that the proxy gives itself: a status, and a body with the reason code. Pure. */
final class ErrorAnswer {
    private ErrorAnswer() {}

    /**
     * Returns owned.
     *
     * @param close whether the connection ends after it
     * @param withBody false in answer to HEAD
     */
    static ByteBuf of(ByteBufAllocator alloc, ProxyFailure failure, boolean close, boolean withBody) {
        int status = failure.kind().httpStatus();
        // The detail is a sentence of ours: nothing in it needs escaping.
        String body = "{\"status\":" + status + ",\"code\":\"" + failure.kind().code() + "\",\"detail\":\""
                + failure.detail().replace("\"", "'") + "\"}\n";
        String head = "HTTP/1.1 " + status + " " + failure.kind().phrase()
                + "\r\nContent-Type: application/problem+json\r\n"
                + "Content-Length: " + body.length() + "\r\n" + (close ? "Connection: close\r\n" : "")
                + "\r\n";
        String answer = withBody ? head + body : head;
        ByteBuf out = alloc.buffer(answer.length());
        out.writeCharSequence(answer, StandardCharsets.US_ASCII);
        return out;
    }
}
