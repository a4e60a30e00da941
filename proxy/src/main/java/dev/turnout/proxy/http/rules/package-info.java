/**
 * Header policy as pure functions: what a message may say, and what is said on its behalf. No channels, no clock; any
 * thread. May use nothing of ours.
 */
@NullMarked
package dev.turnout.proxy.http.rules;

import org.jspecify.annotations.NullMarked;
