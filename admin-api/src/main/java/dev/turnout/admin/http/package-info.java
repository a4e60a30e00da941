/**
 * The admin API over HTTP: who asks is checked on the server's own event loop, what is asked runs on a virtual thread
 * of its own, since a change waits for the disk. May use admin, admin.security and config; {@code proxy.app} starts it.
 */
@NullMarked
package dev.turnout.admin.http;

import org.jspecify.annotations.NullMarked;
