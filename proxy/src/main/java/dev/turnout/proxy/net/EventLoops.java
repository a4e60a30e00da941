package dev.turnout.proxy.net;

import dev.turnout.config.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads that move bytes, and how their sockets are driven. Any thread. */
public final class EventLoops {
    private final Transport transport;
    private final EventLoopGroup group;

    private EventLoops(Transport transport, EventLoopGroup group) {
        this.transport = transport;
        this.group = group;
    }

    /**
     * Starts {@code threads} loops whose threads have this name and a number. Throws IllegalStateException, with the cause, when the transport was asked for by
     * name and does not work here.
     */
    public static EventLoops start(Transport wanted, int threads, String name) {
        Transport transport = wanted == Transport.AUTO ? best() : wanted;
        Throwable unavailable = switch (transport) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case AUTO, NIO -> null;
        };
        if (unavailable != null) {
            throw new IllegalStateException(
                    "transport: " + transport.label() + " does not work here: " + reason(unavailable)
                            + " (expected: auto, or one that works)",
                    unavailable);
        }
        IoHandlerFactory factory = switch (transport) {
            case EPOLL -> new EpollFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case AUTO, NIO -> NioIoHandler.newFactory();
        };
        return new EventLoops(transport,
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true),
                        factory));
    }

    private static Transport best() {
        return Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO;
    }

    static String reason(Throwable unavailable) {
        @Nullable
        String message = unavailable.getMessage();
        return message == null ? unavailable.getClass().getSimpleName() : message;
    }

    /** What {@code auto} came to. */
    public Transport transport() {
        return transport;
    }

    public EventLoopGroup group() {
        return group;
    }

    /** Every loop of the group. */
    public List<EventLoop> each() {
        List<EventLoop> loops = new ArrayList<>();
        group.forEach(executor -> loops.add((EventLoop) executor));
        return loops;
    }

    Class<? extends ServerSocketChannel> serverChannel() {
        return switch (transport) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case AUTO, NIO -> NioServerSocketChannel.class;
        };
    }

    public Class<? extends SocketChannel> channel() {
        return switch (transport) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IoUringSocketChannel.class;
            case AUTO, NIO -> NioSocketChannel.class;
        };
    }

    /** For name resolution. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return switch (transport) {
            case EPOLL -> EpollDatagramChannel.class;
            case IO_URING -> IoUringDatagramChannel.class;
            case AUTO, NIO -> NioDatagramChannel.class;
        };
    }

    /** Ends every loop and closes every channel; completes when the threads are gone. */
    public Future<?> stop() {
        return group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }
}
