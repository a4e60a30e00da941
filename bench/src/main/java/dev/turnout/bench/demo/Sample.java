package dev.turnout.bench.demo;

import java.util.Map;

/**
 * A request of one user, to ask about and to send.
 *
 * @param canary whether it carries the header that the override wants
 */
record Sample(String user, boolean canary) {
    /** {@code uid=user-1}. */
    String cookie() {
        return DemoService.USER_COOKIE + "=" + user;
    }

    Map<String, String> headers() {
        return canary
                ? Map.of("Cookie", cookie(), StageConfig.CANARY, StageConfig.ALWAYS)
                : Map.of("Cookie", cookie());
    }
}
