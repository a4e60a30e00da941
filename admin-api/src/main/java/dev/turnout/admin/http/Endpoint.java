package dev.turnout.admin.http;

import dev.turnout.config.Role;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/**
 * One line of the API.
 *
 * @param path with {@code :name} for a parameter, as Vert.x has it
 * @param needs the lowest role that may; empty: anyone, without a token
 */
record Endpoint(HttpMethod method, String path, Optional<Role> needs, Operation operation) {
    static Endpoint open(String path, Operation operation) {
        return new Endpoint(HttpMethod.GET, path, Optional.empty(), operation);
    }

    static Endpoint read(String path, Operation operation) {
        return new Endpoint(HttpMethod.GET, path, Optional.of(Role.VIEWER), operation);
    }

    static Endpoint change(HttpMethod method, String path, Operation operation) {
        return new Endpoint(method, path, Optional.of(Role.OPERATOR), operation);
    }

    boolean isChange() {
        return !method.equals(HttpMethod.GET);
    }

    /** What reads may also be asked by HEAD (RFC 9110, 9.3.2). */
    List<HttpMethod> methods() {
        return isChange() ? List.of(method) : List.of(method, HttpMethod.HEAD);
    }
}
