package dev.turnout.proxy.net;

import dev.turnout.config.Address;
import dev.turnout.config.AllowedHere;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A bound address that accepts connections. Any thread. */
public final class Listener {
    private static final int BACKLOG = 4096;
    /** One for all: else every connection has its own, for as long as it lives. */
    private static final RecvByteBufAllocator RECEIVE_SIZES = new AdaptiveRecvByteBufAllocator();

    private final Channel channel;

    private Listener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds, and hands every channel that is {@linkplain #accept accepted} to {@code pipeline} on its own loop. Blocks
     * until it is bound. Throws IOException that names the address when it cannot be bound.
     */
    public static Listener bind(EventLoops loops, Address address, ChannelInitializer<SocketChannel> pipeline)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap().group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE_SIZES)
                .childHandler(pipeline)
                .bind(socketAddress(address));
        bound.awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw notFree(address, failure);
        }
        // Behind the acceptor, which stops accepting for a second first.
        bound.channel().pipeline().addLast("accept-failures", new AcceptFailures(address));
        return new Listener(bound.channel());
    }

    /**
     * Throws IOException that names the address when it could not be bound now: for what is bound later, when others rely on
     * it already.
     */
    public static void requireFree(Address address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(socketAddress(address));
        } catch (IOException e) {
            throw notFree(address, e);
        }
    }

    private static IOException notFree(Address address, Throwable failure) {
        return new IOException("listen: " + address + ": " + EventLoops.reason(failure)
                + " (expected: a free address of this machine)", failure);
    }

    /** Connections that wait, and those that come, are served from now on. */
    @AllowedHere("nobody reads from a listener")
    public void accept() {
        channel.config().setAutoRead(true);
    }

    /** With the port that the system chose, where 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops accepting; connections that are open stay open. */
    public Future<Void> close() {
        return channel.close();
    }

    private static InetSocketAddress socketAddress(Address address) throws IOException {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        // A name is looked up here, by the system: only who starts or reloads waits for it.
        return literal != null
                ? new InetSocketAddress(InetAddress.getByAddress(literal), address.port())
                : new InetSocketAddress(address.host(), address.port());
    }
}
