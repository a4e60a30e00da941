package dev.turnout.config;

/**
 * How large the head of an HTTP/1 message may be, in both directions and on all routes.
 *
 * @param headBytes of start line and fields together; 1 KiB..256 KiB, default 32 KiB
 * @param targetBytes of the request target; 64 bytes..{@code headBytes}, default 16 KiB
 * @param fields in the head, and again in the trailers; 1..128, default 100
 */
public record MessageLimits(int headBytes, int targetBytes, int fields) {}
