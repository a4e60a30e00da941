/**
 * {@code turnout bench pg}: transactions that are due at a constant rate, made by clients that each have one connection
 * and one virtual thread; and a ledger that tells whether an acknowledged write was lost. What is due when and what the
 * ledger comes to are pure. May use bench.load, bench.report, bench.signal and admin.cli, and nothing of the proxy.
 */
@NullMarked
package dev.turnout.bench.pg;

import org.jspecify.annotations.NullMarked;
