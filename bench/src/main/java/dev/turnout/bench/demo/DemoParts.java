package dev.turnout.bench.demo;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What the demo is put together from, so that a test can put in a part that misbehaves, and need not wait long.
 *
 * @param sides starts blue and green
 * @param weight what stands between the check and the admin API
 * @param hold how long the check stays at each share
 */
record DemoParts(Side.Starter sides, UnaryOperator<Weight> weight, Duration hold) {
    static final DemoParts REAL = new DemoParts(DemoService::start, UnaryOperator.identity(),
            Duration.ofSeconds(2));
}
