/**
 * PostgreSQL: clients and their sessions, the two legs of each on one event loop. May use config, routing, upstream, net,
 * net.tls, failure, metrics, pg.auth, pg.session and pg.wire.
 */
@NullMarked
package dev.turnout.proxy.pg;

import org.jspecify.annotations.NullMarked;
