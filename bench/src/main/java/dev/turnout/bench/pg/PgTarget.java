package dev.turnout.bench.pg;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, and as whom. What cannot be is an IllegalArgumentException that names the option, without the
 * password.
 *
 * @param host a name, or an address; IPv6 in brackets
 * @param password absent: the server asks for none, or it stands in the password file
 * @param settings as the driver calls them
 */
record PgTarget(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        Map<String, String> settings) {
    private static final int PG_PORT = 5432;
    private static final int LAST_PORT = 0xFFFF;
    private static final String EXPECTED = " (expected: postgresql://user[:password]@host[:port]/database)";
    private static final Pattern PASSWORD = Pattern.compile("(?<=//)([^:@/]*):.*@");
    /** Parameters of a URL, as libpq calls them, and what the driver calls them. */
    private static final Map<String, String> PARAMETERS = new TreeMap<>(
            Map.of("sslmode", "sslmode", "sslrootcert", "sslrootcert", "sslcert", "sslcert", "sslkey",
                    "sslkey", "options", "options", "application_name", "ApplicationName"));

    PgTarget {
        settings = Map.copyOf(settings);
    }

    /** @param url as it was typed */
    static PgTarget of(String url) {
        URI uri = parsed(url);
        String login = uri.getRawUserInfo();
        String path = uri.getRawPath();
        boolean named = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!named || uri.getHost() == null || login == null || login.isEmpty() || login.startsWith(":")
                || path.length() < 2 || path.indexOf('/', 1) >= 0 || uri.getRawFragment() != null
                || uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
            throw new IllegalArgumentException("url: " + shown(url) + EXPECTED);
        }
        int colon = login.indexOf(':');
        return new PgTarget(uri.getHost(), uri.getPort() < 0 ? PG_PORT : uri.getPort(),
                decoded(path.substring(1)), decoded(colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? null : decoded(login.substring(colon + 1)), settings(uri.getRawQuery()));
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException("url: " + shown(url) + EXPECTED);
        }
    }

    private static String shown(String url) {
        return PASSWORD.matcher(url).replaceFirst("$1:***@");
    }

    private static Map<String, String> settings(@Nullable String query) {
        Map<String, String> settings = new TreeMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String known = PARAMETERS.get(name);
            if (known == null || equals < 0) {
                throw new IllegalArgumentException("url: parameter " + name + " (expected: name=value, with "
                        + String.join(", ", PARAMETERS.keySet()) + ")");
            }
            settings.put(known, decoded(pair.substring(equals + 1)));
        }
        return settings;
    }

    /** Not a form: a plus sign is one. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: " + e.getMessage() + EXPECTED, e);
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "turnout bench");
        properties.setProperty("gssEncMode", "disable");
        properties.putAll(settings);
        return properties;
    }

    String authority() {
        return host + ":" + port;
    }

    /** Without password and settings. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + authority() + "/" + database;
    }
}
