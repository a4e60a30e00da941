/**
 * Messages of the PostgreSQL protocol on the wire: where they begin, and how those few look that the proxy reads or writes
 * itself. Confined to the loop of whoever uses them. May use pg.session and failure.
 */
@NullMarked
package dev.turnout.proxy.pg.wire;

import org.jspecify.annotations.NullMarked;
