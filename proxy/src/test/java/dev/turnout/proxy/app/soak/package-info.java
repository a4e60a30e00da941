/**
 * Clients and endpoints of every kind, good and bad, who can prove whose answer is whose. Test code only; threads block.
 */
@NullMarked
package dev.turnout.proxy.app.soak;

import org.jspecify.annotations.NullMarked;
