package dev.turnout.proxy.upstream.health;

/**
 * How one check went.
 *
 * @param detail what was seen, for operators: {@code status 500}, {@code time-out after 2s}
 */
public record CheckResult(boolean passed, String detail) {}
