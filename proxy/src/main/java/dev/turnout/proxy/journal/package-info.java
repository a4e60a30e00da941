/**
 * Durable runtime state: append, fsync, replay, compact. Any thread, one at a time. May use nothing of
 * ours.
 */
@NullMarked
package dev.turnout.proxy.journal;

import org.jspecify.annotations.NullMarked;
