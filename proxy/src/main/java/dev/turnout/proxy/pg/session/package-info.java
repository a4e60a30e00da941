/**
 * What a PostgreSQL server still owes a session, and what a session is doing. Pure: no channels, no clock; confined by its
 * caller. May use nothing of ours.
 */
@NullMarked
package dev.turnout.proxy.pg.session;

import org.jspecify.annotations.NullMarked;
