package dev.turnout.proxy.upstream;

import dev.turnout.proxy.upstream.dns.Names;
import dev.turnout.proxy.upstream.health.Checks;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all endpoint sets share.
 *
 * @param nanos the time, from any origin
 * @param random used under the lock of a set: has to be safe for many threads, or for the one of a test
 * @param events told what operators read in the log too
 */
public record Surroundings(
        Names names,
        Checks checks,
        LongSupplier nanos,
        RandomGenerator random,
        EndpointEvents events) {}
