package dev.turnout.config;

/**
 * Who may use the admin API.
 *
 * @param name stands in the log beside what its holder changed; unique
 * @param token compared in constant time, never printed
 */
public record TokenConfig(String name, Role role, Secret token) {}
