/**
 * The client leg of HTTP and the exchange between the two legs. Confined to its event loop. May use config,
 * http.head, http.rules, http.upstream, routing, upstream, net, failure, metrics, metrics.access.
 */
@NullMarked
package dev.turnout.proxy.http;

import org.jspecify.annotations.NullMarked;
