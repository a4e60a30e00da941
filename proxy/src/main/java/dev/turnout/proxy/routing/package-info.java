/**
 * Where a request goes: one immutable snapshot of what operators want, and the ladder that decides by it.
 * Pure: no channels, no clock, no randomness of its own. May use config.
 */
@NullMarked
package dev.turnout.proxy.routing;

import org.jspecify.annotations.NullMarked;
