/** Load, comparisons with peers, and drills: what shows the proxy's worth from outside. May use everything of ours. */
@NullMarked
package dev.turnout.bench;

import org.jspecify.annotations.NullMarked;
