package dev.turnout.proxy.net;

import dev.turnout.config.Address;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why connections are not accepted, as when the process may open no more files. At most once a second, which is how long
 * accepting then stops. Confined to the loop of its listener.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);

    private final Address address;

    AcceptFailures(Address address) {
        this.address = address;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.warn(
                "listen: {}: connections wait, none can be accepted: {} (expected: more open files, see ulimit -n)",
                address, cause.getMessage());
    }
}
