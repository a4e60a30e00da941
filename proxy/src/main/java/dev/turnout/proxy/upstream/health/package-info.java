/**
 * Active checks: asks endpoints from time to time whether they are well, on an event loop of its own that moves no
 * traffic. May use config and net.
 */
@NullMarked
package dev.turnout.proxy.upstream.health;

import org.jspecify.annotations.NullMarked;
