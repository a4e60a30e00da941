package dev.turnout.admin.http;

import dev.turnout.admin.security.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/**
 * One request that may be served: who asks is known, its body is whole.
 *
 * @param operation method and path, as {@link Endpoint} has them
 * @param principal empty on public paths
 * @param path the parameters in the path, decoded
 * @param query the parameters after the path, decoded
 */
record Call(
        String operation,
        Optional<Principal> principal,
        Map<String, String> path,
        MultiMap query,
        MultiMap headers,
        Buffer body) {
    Call {
        path = Map.copyOf(path);
    }

    /** The route in the path; empty where the path has none. */
    String route() {
        return path("route");
    }

    /** A parameter in the path; empty where the path has none of this name. */
    String path(String name) {
        return path.getOrDefault(name, "");
    }
}
