package dev.turnout.admin.http;

import dev.turnout.admin.ChangeContext.IdempotencyKey;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The header {@code Idempotency-Key}: a change that is sent again under the same key has no second effect. */
final class Idempotency {
    static final String HEADER = "Idempotency-Key";

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private Idempotency() {}

    /** Reads the header; empty: no key. */
    static Optional<IdempotencyKey> of(Call call) {
        List<String> lines = call.headers().getAll(HEADER);
        if (lines.size() > 1) {
            throw refused(lines.size() + " of them");
        }
        return lines.stream().findFirst().map(key -> {
            if (!KEY.matcher(key).matches()) {
                throw refused(Problem.shortened('"' + key + '"'));
            }
            return new IdempotencyKey(key, Sha256.hex(request(call)));
        });
    }

    /** All that counts of a request. White space and order in its body do not. */
    private static String request(Call call) {
        Map<String, List<String>> query = new TreeMap<>();
        call.query().names().forEach(name -> query.put(name, call.query().getAll(name)));
        return Json.ordered(Json.tree(List.of(call.operation(), call.path(), query,
                call.headers().getAll("If-Match"), Json.read(call.body()))));
    }

    private static ProblemException refused(String found) {
        return new Problem(Kind.BAD_REQUEST,
                HEADER + ": " + found + " (expected: one, of 1 to 255 visible ASCII characters)").raised();
    }
}
