/**
 * The access log: one line of JSON for each request that ended. Event loops offer, one thread of its own encodes and
 * writes. May use nothing of ours.
 */
@NullMarked
package dev.turnout.proxy.metrics.access;

import org.jspecify.annotations.NullMarked;
