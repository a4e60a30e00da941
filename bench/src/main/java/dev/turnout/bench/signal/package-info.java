/** How a command that runs for a while hears that it shall end. Any thread. May use nothing of ours. */
@NullMarked
package dev.turnout.bench.signal;

import org.jspecify.annotations.NullMarked;
