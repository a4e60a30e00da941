package dev.turnout.proxy.app;

import dev.turnout.postgres.PostgresServer;
import dev.turnout.proxy.testkit.RawPostgres;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Files and clients of routes that speak PostgreSQL; the route is {@code db}. */
final class PgRoutes {
    static final String ROUTE = "db";
    static final String TRUST = "auth.mode = trust";

    private PgRoutes() {}

    /** Everything on blue; both sides are this port. {@code lines} win. */
    static String one(int port, String lines) {
        return two(port, port, lines);
    }

    static String one(PostgresServer server, String lines) {
        return one(server.port(), lines);
    }

    static String two(int blue, int green, String lines) {
        return "turnout.routes." + ROUTE
                + " { protocol = postgresql, listen = \"127.0.0.1:0\", data = independent\n"
                + "blue.endpoints = [\"127.0.0.1:" + blue + "\"]\ngreen.endpoints = [\"127.0.0.1:" + green
                + "\"]\n"
                + lines + "\n}\n";
    }

    static RawPostgres open(Rig rig) throws IOException {
        return rig.closing(RawPostgres.open(rig.turnout().address(ROUTE)));
    }

    /** A session without a password. */
    static RawPostgres session(Rig rig, String... parameters) throws IOException {
        return rig.closing(RawPostgres.to(rig.turnout().address(ROUTE), parameters(parameters)));
    }

    static RawPostgres login(Rig rig, String user, String password, String database) throws IOException {
        RawPostgres client = open(rig);
        client.login(RawPostgres.VERSION_3_0, password, parameters("user", user, "database", database));
        return client;
    }

    /** Names and values in turn. */
    static Map<String, String> parameters(String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return parameters;
    }

    /** For a client that believes everybody. */
    static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context;
    }
}
