package dev.turnout.proxy.failure;

/**
 * One failure of one request. Expected misbehaviour of a peer is data, not an exception.
 *
 * @param detail one sentence: what was found, what was expected; holds nothing that a peer sent
 */
public record ProxyFailure(Kind kind, String detail) {}
