package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.proxy.testkit.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One request as it can be sent and as it can be explained: a request line, and lines of fields. */
record Tried(String line, List<String> fields) {
    static Tried of(String line, String... fields) {
        return new Tried(line, List.of(fields));
    }

    /** One that is written as {@code GET / | X-A: 1 | X-B: 2}. */
    static Tried written(String text) {
        String[] parts = text.split(" \\| ", -1);
        return new Tried(parts[0], Stream.of(parts).skip(1).toList());
    }

    /** The request as HTTP/1.1, with a Host when none is among the fields. */
    byte[] bytes() {
        boolean named = fields.stream().anyMatch(field -> field.startsWith("Host:"));
        String all = line + " HTTP/1.1\r\n" + (named ? "" : "Host: shop.example\r\n")
                + String.join("", fields.stream().map(field -> field + "\r\n").toList()) + "\r\n";
        return all.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends it on a connection of its own and returns the body of the answer, which has to be 200. */
    String sentTo(Rig rig, String route) throws IOException {
        try (RawConnection client = RawConnection.to(rig.turnout().address(route))) {
            client.send(bytes());
            String answer = client.message();
            assertThat(answer).as(toString()).startsWith("HTTP/1.1 200 ");
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** The same as parameters of explain; cookies one by one, the client as a trusted peer names it. */
    String query() {
        StringBuilder query = new StringBuilder("method=" + line.substring(0, line.indexOf(' ')) + "&path="
                + RigOperator.inQuery(line.substring(line.indexOf(' ') + 1)));
        String client = "127.0.0.1";
        String host = "shop.example";
        for (String field : fields) {
            String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
            String value = field.substring(field.indexOf(':') + 1).strip();
            switch (name) {
                case "host" -> host = value.replaceFirst(":\\d+$", "");
                case "x-forwarded-for" -> client = value;
                case "cookie" -> Stream.of(value.split("; ?", -1))
                        .forEach(pair -> query.append("&cookie=").append(RigOperator.inQuery(pair)));
                default -> query.append("&header=").append(RigOperator.inQuery(name + "=" + value));
            }
        }
        return query + "&host=" + RigOperator.inQuery(host) + "&client=" + client;
    }

    /** The last line of a log that is about to have this many. */
    static JsonNode logged(Rig rig, int lines) throws IOException {
        await().until(() -> Files.readAllLines(rig.stateDir().resolve("access.log")).size() >= lines);
        List<String> all = Files.readAllLines(rig.stateDir().resolve("access.log"));
        assertThat(all).hasSize(lines);
        return RigOperator.json(all.getLast());
    }

    @Override
    public String toString() {
        return line + " " + fields;
    }
}
