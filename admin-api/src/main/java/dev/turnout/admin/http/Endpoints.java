package dev.turnout.admin.http;

import dev.turnout.admin.AdminPorts;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Access;
import dev.turnout.config.Role;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Everything that can be asked; {@code openapi.yaml} says the same, and a test compares them. */
final class Endpoints {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String ENDPOINT = "/api/v1/routes/:route/targets/:target/endpoints/:address";
    private static final String WELCOME = """
            Turnout's admin API.
            /openapi.yaml describes it, /healthz and /readyz say how the proxy is; all else needs a token.
            """;

    private Endpoints() {}

    static List<Endpoint> of(AdminPorts ports, Access access, EventStreams streams) {
        RouteOperations routes = new RouteOperations(ports.routes());
        EndpointOperations endpoints = new EndpointOperations(ports.routes());
        SessionOperations session = new SessionOperations(access);
        String openApi = resource("openapi.yaml");
        return List.of(
                Endpoint.open("/", call -> Answer.text(Answer.TEXT, WELCOME)),
                Endpoint.open("/openapi.yaml", call -> Answer.text("application/yaml", openApi)),
                Endpoint.open("/healthz", call -> Answer.text(Answer.TEXT, "ok\n")),
                Endpoint.open("/readyz", call -> ready(ports)),
                Endpoint.read("/metrics", call -> Answer.text(PROMETHEUS, ports.metrics().get())),
                Endpoint.read("/api/v1/routes", routes::list),
                Endpoint.read("/api/v1/routes/:route", routes::get),
                Endpoint.change(HttpMethod.PUT, "/api/v1/routes/:route/split", routes::setSplit),
                Endpoint.change(HttpMethod.DELETE, "/api/v1/routes/:route/split", routes::resetSplit),
                Endpoint.change(HttpMethod.PUT, ENDPOINT, endpoints::set),
                Endpoint.change(HttpMethod.DELETE, ENDPOINT, endpoints::remove),
                Endpoint.change(HttpMethod.POST, "/api/v1/routes/:route/drain",
                        new DrainOperation(ports.routes())::drain),
                Endpoint.read("/api/v1/routes/:route/explain", new ExplainOperation(ports.routes())::explain),
                Endpoint.read("/api/v1/routes/:route/sessions",
                        new SessionListOperation(ports.routes())::list),
                Endpoint.read("/api/v1/events", new EventOperation(ports.events(), streams)::events),
                Endpoint.read("/api/v1/audit", new AuditOperation(ports.audit())::newest),
                Endpoint.change(HttpMethod.POST, "/api/v1/reload",
                        new ReloadOperation(ports.reload())::reload),
                new Endpoint(HttpMethod.POST, SessionOperations.PATH, Optional.empty(), session::open),
                Endpoint.read(SessionOperations.PATH, session::show),
                new Endpoint(HttpMethod.DELETE, SessionOperations.PATH, Optional.of(Role.VIEWER),
                        session::end));
    }

    private static Answer ready(AdminPorts ports) {
        if (!ports.ready().getAsBoolean()) {
            throw new Problem(Kind.NOT_READY, "not every listener accepts connections yet; ask again")
                    .raised();
        }
        return Answer.text(Answer.TEXT, "ready\n");
    }

    private static String resource(String name) {
        try (InputStream in = Endpoints.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        name + ": missing (expected: beside " + Endpoints.class + ")");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
