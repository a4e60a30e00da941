/**
 * Who may use the admin API: tokens, roles, sessions, and the token that is made when none is configured. Any
 * thread; only {@link dev.turnout.admin.security.LocalToken} touches the disk. May use config.
 */
@NullMarked
package dev.turnout.admin.security;

import org.jspecify.annotations.NullMarked;
