/**
 * What the demo is made of: services that tell who answered, a steady load of known users, what operators do meanwhile,
 * and the judge of what the users saw. Everything runs on virtual threads in front of the proxy or behind it, never on
 * its loops.
 */
@NullMarked
package dev.turnout.bench.demo;

import org.jspecify.annotations.NullMarked;
