package dev.turnout.admin.http;

import dev.turnout.admin.security.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * One request that may be served: who asks is known, its body is whole.
 *
 * @param principal empty on public paths
 * @param route the route in the path; empty where the path has none
 */
record Call(Optional<Principal> principal, String route, MultiMap headers, Buffer body) {}
