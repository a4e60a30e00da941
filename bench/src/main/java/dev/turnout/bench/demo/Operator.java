package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;

/**
 * What an operator asks of a route of the demo, and is told. Every change returns when it was acknowledged; IOException
 * says why it was not. All block; one thread.
 */
interface Operator {
    /** How the operator reaches the proxy, in words: {@code the API}. */
    String way();

    RouteState state() throws IOException, InterruptedException;

    void set(Share green) throws IOException, InterruptedException;

    /** Back to the file. */
    void reset() throws IOException, InterruptedException;

    Explained explain(Sample sample) throws IOException, InterruptedException;

    /** Returns when nothing of the side is under way any more. */
    void drain(Target side, Duration atMost) throws IOException, InterruptedException;

    /** Those that are open; of a database route. */
    SessionCounts sessions() throws IOException, InterruptedException;

    /**
     * Asks for a share that would give a database a second writer, and answers how it was refused, in words; IOException
     * says that it was not, or for another reason.
     */
    String refusal(Share green) throws IOException, InterruptedException;

    /** Has the proxy read its file again. */
    Reloaded reload() throws IOException, InterruptedException;
}
