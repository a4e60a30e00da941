/**
 * PostgreSQL clients of every kind, good and bad, who can prove whose answer is whose. Test code only; threads block.
 */
@NullMarked
package dev.turnout.proxy.app.pgsoak;

import org.jspecify.annotations.NullMarked;
