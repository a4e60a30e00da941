/**
 * Who a PostgreSQL client is, and how to log in to a server: SCRAM-SHA-256 from both ends, MD5, and the parameters of a
 * startup packet. Pure: no channels, no clock, no randomness of its own; confined by its caller. May use config.
 */
@NullMarked
package dev.turnout.proxy.pg.auth;

import org.jspecify.annotations.NullMarked;
