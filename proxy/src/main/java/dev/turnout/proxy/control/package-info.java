/**
 * The one writer of the routing snapshot: what an operator asks becomes durable, then effective. Any
 * thread. May use admin, config, journal, metrics, routing.
 */
@NullMarked
package dev.turnout.proxy.control;

import org.jspecify.annotations.NullMarked;
