package dev.turnout.admin.http;

import dev.turnout.admin.ChangeContext;
import dev.turnout.admin.http.Problem.Kind;
import dev.turnout.admin.security.Principal;
import java.util.List;
import java.util.Optional;

/** What a request for a change may carry. */
final class Changes {
    /** Would promise something that this version does not do: refused, since ignoring them could hurt. */
    private static final List<String> UNSUPPORTED = List.of("If-None-Match", "If-Unmodified-Since");

    private Changes() {}

    static void refuseUnsupported(Call call) {
        refuse(call, UNSUPPORTED, "If-Match and Idempotency-Key make a repeated change safe");
    }

    /** Of a change that is of no one route, and may be repeated as it is. */
    static void refuseConditions(Call call) {
        refuse(call, List.of("If-Match", Idempotency.HEADER), "it may be repeated as it is");
        refuse(call, UNSUPPORTED, "it may be repeated as it is");
    }

    private static void refuse(Call call, List<String> headers, String instead) {
        for (String header : headers) {
            if (call.headers().contains(header)) {
                throw new Problem(Kind.UNSUPPORTED_HEADER,
                        header + ": not supported here (expected: no such header; "
                                + instead + "); nothing was changed")
                        .raised();
            }
        }
    }

    /** By the headers: what Vert.x takes for a form it does not hand over as a body. */
    static void refuseBody(Call call, String why) {
        String length = Optional.ofNullable(call.headers().get("Content-Length")).orElse("0");
        if (!length.equals("0") || call.headers().contains("Transfer-Encoding")) {
            throw new Problem(Kind.BAD_REQUEST, "body: present (expected: none, " + why + ")").raised();
        }
    }

    static ChangeContext context(Call call, Optional<String> reason) {
        return new ChangeContext(actor(call), reason, IfMatch.of(call.headers().getAll("If-Match")),
                Idempotency.of(call));
    }

    static String actor(Call call) {
        return call.principal().map(Principal::name).orElseThrow();
    }

    static void requireJson(Call call) {
        String type = Optional.ofNullable(call.headers().get("Content-Type")).orElse("missing");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(Kind.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + type + " (expected: application/json)")
                    .raised();
        }
    }
}
