package dev.turnout.bench.demo;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What the demo is put together from, so that a test can put in a part that misbehaves, and need not wait long.
 *
 * @param sides starts blue and green
 * @param databases starts the two databases
 * @param operator what stands between the check and each operator
 * @param hold how long the check watches after each change
 */
record DemoParts(
        Side.Starter sides,
        DatabasePair.Starter databases,
        UnaryOperator<Operator> operator,
        Duration hold) {
    static final DemoParts REAL = new DemoParts(DemoService::start, DatabasePair::start,
            UnaryOperator.identity(), Duration.ofMillis(1_500));
}
