/**
 * All meters: plain counters of each event loop, summed up when someone looks. May use config, failure and
 * metrics.access.
 */
@NullMarked
package dev.turnout.proxy.metrics;

import org.jspecify.annotations.NullMarked;
