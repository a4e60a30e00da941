package dev.turnout.proxy.control;

import dev.turnout.config.Share;
import java.time.Instant;
import java.util.Optional;

/**
 * What an operator decided about one route's share.
 *
 * @param green empty: back to the file
 */
record SplitOverride(
        String route,
        Optional<Share> green,
        Optional<String> reason,
        String actor,
        long version,
        Instant at) implements RuntimeChange {}
