/**
 * Endpoints of a side and the idle connections to them. Endpoints are shared by all loops, pools belong to
 * one. May use config, net, failure, metrics.
 */
@NullMarked
package dev.turnout.proxy.upstream;

import org.jspecify.annotations.NullMarked;
