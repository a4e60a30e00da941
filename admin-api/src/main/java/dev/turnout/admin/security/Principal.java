package dev.turnout.admin.security;

import dev.turnout.config.Role;

/**
 * Whoever a token belongs to.
 *
 * @param name stands in the log beside what it changed
 */
public record Principal(String name, Role role) {
    public boolean may(Role needed) {
        return role.includes(needed);
    }
}
