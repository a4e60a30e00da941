/**
 * What goes wrong, as data, and what a client is told about it. Values only. May use nothing of ours.
 */
@NullMarked
package dev.turnout.proxy.failure;

import org.jspecify.annotations.NullMarked;
