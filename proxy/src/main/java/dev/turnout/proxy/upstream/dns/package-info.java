/**
 * The addresses behind host names, followed as long as someone asks, on an event loop of its own that moves no traffic.
 * May use config and net.
 */
@NullMarked
package dev.turnout.proxy.upstream.dns;

import org.jspecify.annotations.NullMarked;
