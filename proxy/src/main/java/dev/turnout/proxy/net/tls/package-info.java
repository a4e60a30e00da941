/**
 * TLS for clients and towards servers: certificates and keys from PEM files, the contexts made of them, and what both sides of
 * a handshake are told. Any thread; the handlers that come of it are confined to their loop. May use config and
 * net.
 */
@NullMarked
package dev.turnout.proxy.net.tls;

import org.jspecify.annotations.NullMarked;
