/**
 * Endpoints of a side: which there are, which of them gets the next request, and the idle connections to them. Endpoints
 * are shared by all loops, balancers and pools belong to one. May use config, net, failure, metrics, upstream.dns,
 * upstream.health.
 */
@NullMarked
package dev.turnout.proxy.upstream;

import org.jspecify.annotations.NullMarked;
