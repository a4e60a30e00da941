/**
 * The configuration: immutable records, read from HOCON and checked as a whole. Values only, so any thread may
 * hold them. May use nothing of ours.
 */
@NullMarked
package dev.turnout.config;

import org.jspecify.annotations.NullMarked;
