/**
 * The {@code turnout} command: a program that finds its commands and talks to the admin API over HTTP. One thread.
 * May use admin and config.
 */
@NullMarked
package dev.turnout.admin.cli;

import org.jspecify.annotations.NullMarked;
