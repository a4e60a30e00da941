/**
 * The client leg of HTTP and the exchange between the two legs. Confined to its event loop. May use config,
 * http.head, http.upstream, routing, upstream, net, failure, metrics.
 */
@NullMarked
package dev.turnout.proxy.http;

import org.jspecify.annotations.NullMarked;
