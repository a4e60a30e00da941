/**
 * What the demo is made of: services that tell who answered, a steady load of known users, and the judge of what
 * they saw. Everything runs on virtual threads in front of the proxy or behind it, never on its loops.
 */
@NullMarked
package dev.turnout.bench.demo;

import org.jspecify.annotations.NullMarked;
