/**
 * What all kinds of load have in common: when something is due, how long it took, and the options that say so. Pure but
 * for the options. May use bench.report and admin.cli.
 */
@NullMarked
package dev.turnout.bench.load;

import org.jspecify.annotations.NullMarked;
