package dev.turnout.bench.demo;

import java.util.function.UnaryOperator;

/**
 * What the demo is put together from, so that a test can put in a part that misbehaves.
 *
 * @param sides starts blue and green
 * @param weight what stands between the check and the admin API
 */
record DemoParts(Side.Starter sides, UnaryOperator<Weight> weight) {
    static final DemoParts REAL = new DemoParts(DemoService::start, UnaryOperator.identity());
}
