/**
 * {@code turnout bench http}: requests that are due at a constant rate, sent over a fixed number of connections by a
 * Netty client of its own on one event loop; what is due when and what it cost are pure. May use bench.load, bench.report,
 * bench.signal, admin.cli, and of the proxy only the event loops and how channels are closed.
 */
@NullMarked
package dev.turnout.bench.http;

import org.jspecify.annotations.NullMarked;
