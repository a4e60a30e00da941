/**
 * The origin leg of HTTP: a connection to an endpoint, and what comes back on it. Confined to its event
 * loop. May use config, http.head, upstream, net, failure.
 */
@NullMarked
package dev.turnout.proxy.http.upstream;

import org.jspecify.annotations.NullMarked;
