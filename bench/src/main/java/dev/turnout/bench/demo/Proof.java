package dev.turnout.bench.demo;

import java.io.IOException;

/** One promise of the proxy, proven while the load runs. */
@FunctionalInterface
interface Proof {
    /** Says what it sees; throws IOException that says what did not hold. What the load sees is judged behind it. */
    void run(UnderLoad load) throws IOException, InterruptedException;
}
