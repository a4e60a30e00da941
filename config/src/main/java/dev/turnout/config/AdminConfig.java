package dev.turnout.config;

import java.util.List;

/**
 * The admin API.
 *
 * @param listen default {@code 127.0.0.1:9901}; without tokens only its port counts, on loopback
 * @param tokens empty: one operator token is made at random and written to the state directory
 */
public record AdminConfig(Address listen, List<TokenConfig> tokens) {
    public AdminConfig {
        tokens = List.copyOf(tokens);
    }
}
