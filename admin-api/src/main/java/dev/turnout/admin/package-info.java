/**
 * What an operator may ask of Turnout: the ports that {@code proxy} implements, and the values that they exchange.
 * Values only; every port may be called from any thread and may block. May use config.
 */
@NullMarked
package dev.turnout.admin;

import org.jspecify.annotations.NullMarked;
