package dev.turnout.proxy.upstream;

import dev.turnout.config.Address;
import dev.turnout.config.EjectConfig;
import dev.turnout.config.HealthConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.upstream.health.Verdict;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.SplittableRandom;

/** Lets {@link Rotation} make endpoints of its own; goes with it. */
final class Bridge {
    private static final HealthConfig NOTHING = new HealthConfig(HealthConfig.Check.NONE, "/",
            Duration.ofSeconds(5),
            Duration.ofSeconds(2), 1, 1, Duration.ZERO,
            new EjectConfig(5, Duration.ofSeconds(10), Share.NONE));
    static final EndpointSet SET = new EndpointSet("", Target.BLUE, NOTHING, 1,
            new Surroundings((host, addresses) -> () -> {}, (subject, health, results) -> () -> {},
                    System::nanoTime, new SplittableRandom(0)));

    private Bridge() {}

    static EndpointState state() {
        return new EndpointState(new Ejection(NOTHING.eject(), new SplittableRandom(0)),
                new Verdict(1, 1, true));
    }

    static InetSocketAddress socketAddress(Address address) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(address.host(), address.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address: " + address + " (expected: 4 or 16 bytes)", e);
        }
    }
}
