package dev.turnout.proxy.testkit;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test that leaves a buffer unreleased. Sees what comes from an allocator, not what {@code Unpooled} wraps;
 * a test with sockets first closes its channels and lets every loop run an empty task.
 */
public final class LeakCheck implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        LeakPresenceDetector.check();
    }
}
