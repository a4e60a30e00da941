package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import java.io.IOException;

/** The weight of the demo's route, as an operator sees it and changes it. Both block. */
interface Weight {
    /** Green's share in effect. */
    Share green() throws IOException, InterruptedException;

    /** Returns when the change was acknowledged. Throws IOException that says why it was not. */
    void set(Share green) throws IOException, InterruptedException;
}
