/**
 * Sockets: event loops, listeners, back pressure. Handlers are confined to their loop. May use config and
 * failure.
 */
@NullMarked
package dev.turnout.proxy.net;

import org.jspecify.annotations.NullMarked;
