/**
 * PostgreSQL servers of our own for tests, drills and the demo: the real server, from binaries on the class path. Never
 * part of what is delivered. May use nothing of ours.
 */
@NullMarked
package dev.turnout.postgres;

import org.jspecify.annotations.NullMarked;
