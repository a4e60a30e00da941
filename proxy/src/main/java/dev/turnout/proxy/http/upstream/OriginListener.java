package dev.turnout.proxy.http.upstream;

import dev.turnout.proxy.failure.ProxyFailure;
import dev.turnout.proxy.http.head.BodyFraming;
import dev.turnout.proxy.http.head.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Who waits for what comes back on an origin connection. Every call comes on the event loop of both legs. */
public interface OriginListener {
    /** The connection that was asked for is open. */
    void onConnected(OriginConnection origin);

    /** The connection that was asked for could not be opened. */
    void onConnectFailed(ProxyFailure failure);

    /** A 1xx head is whole, and the answer is still to come. Borrows both; the caller moves past the head. */
    void onInterim(ResponseHead head, ByteBuf in);

    /**
     * The endpoint goes on in the protocol that was asked for, and the connection is the listener's from now on, with the
     * bytes behind the head. Borrows {@code head} and {@code in}; moves {@code in} to its end.
     */
    void onSwitch(ResponseHead head, ByteBuf in, Channel channel);

    /**
     * The head of the answer is whole. Borrows all; moves {@code in} past the head, and past as much of the body as it
     * took by asking {@code body}.
     */
    void onAnswer(ResponseHead head, ByteBuf in, BodyFraming body);

    /** A part of the body, as it goes on. Takes ownership. */
    void onBody(ByteBuf part);

    /** The bytes that came in one burst are all handed over. */
    void onBurstEnd();

    /** The answer is complete; the connection is no longer this listener's. */
    void onEnd();

    /**
     * The connection ended, or has to, before the answer did; it is no longer this listener's.
     *
     * @param answered whether any byte of the answer had come
     */
    void onFailure(ProxyFailure failure, boolean answered);

    /** Whether the connection takes more bytes has changed. */
    void onWritability(boolean writable);

    /** Whether the request has been handed over to its last byte, so that the connection could serve another. */
    boolean requestSent();
}
