/**
 * HTTP/1 heads and body framing (RFC 9112), read in place: one strict pass notes where things stand,
 * nothing is copied and no header object is made. No channels, no clock; confined by its caller. May use
 * failure.
 */
@NullMarked
package dev.turnout.proxy.http.head;

import org.jspecify.annotations.NullMarked;
