package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.app.soak.Ask.Version;
import dev.turnout.proxy.failure.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Says of every reply whether it may be the one to its request. Any thread. */
final class Judge {
    private final Books books;

    Judge(Books books) {
        this.books = books;
    }

    /** Books how a request ended that was sent as a whole, on a connection where its reply could be read. */
    void of(Ask ask, Reply reply) {
        String wrong = interim(ask, reply);
        if (wrong != null) {
            fault(ask, reply, wrong);
        }
        switch (ask.deed().ending()) {
            case WHOLE, TUNNEL -> ofWhole(ask, reply);
            case REFUSED -> ofRefused(ask, reply);
            case BROKEN -> ofBroken(ask, reply);
        }
    }

    private void ofWhole(Ask ask, Reply reply) {
        if (metClosed(ask, reply)) {
            return;
        }
        String wrong = wrong(ask, reply);
        if (wrong == null) {
            books.right(ask);
        } else {
            fault(ask, reply, wrong);
        }
    }

    private void ofRefused(Ask ask, Reply reply) {
        if (refusedAsItShould(ask, reply)) {
            books.ended(ask.token(), "refused " + ask.deed());
        } else if (!metClosed(ask, reply)) {
            fault(ask, reply, "should have been the proxy's own answer: " + ask.deed().kind());
        }
    }

    private void ofBroken(Ask ask, Reply reply) {
        if (refusedAsItShould(ask, reply)) {
            books.ended(ask.token(), "refused " + ask.deed());
        } else if (reply.end() == Reply.End.RESET || reply.end() == Reply.End.CUT) {
            String wrong = reply.head().isEmpty() ? null : wrongPart(ask, reply);
            if (wrong == null) {
                books.ended(ask.token(), "broken off " + ask.deed());
            } else {
                fault(ask, reply, wrong);
            }
        } else if (!metClosed(ask, reply)) {
            fault(ask, reply, "should have been broken off");
        }
    }

    /** The reply was cut short by what became of another; what there is of it must be right. */
    void part(Ask ask, Reply reply) {
        String wrong = reply.status() / 100 == 2 ? wrongPart(ask, reply) : null;
        if (wrong == null) {
            books.left(ask.token(), "overtaken by a reset");
        } else {
            fault(ask, reply, wrong);
        }
    }

    private static boolean refusedAsItShould(Ask ask, Reply reply) {
        Kind kind = ask.deed().kind();
        return kind != null && refused(ask, reply, kind);
    }

    static boolean refused(Ask ask, Reply reply, Kind kind) {
        return reply.refusal(kind.httpStatus(), kind.code(), ask.verb() != Ask.Verb.HEAD);
    }

    /** A request that may not be sent twice met a connection that its endpoint had closed. */
    boolean metClosed(Ask ask, Reply reply) {
        boolean met = !ask.repeatable() && refused(ask, reply, Kind.UPSTREAM_RESET);
        if (met) {
            books.metClosed();
            books.ended(ask.token(), "met a closed connection");
        }
        return met;
    }

    private static @Nullable String interim(Ask ask, Reply reply) {
        if (ask.http10() && !reply.interim().isEmpty()) {
            return "1xx for HTTP/1.0";
        }
        if (!reply.interim().stream().allMatch(head -> ask.token().equals(Wire.field(head, "X-Token")))) {
            return "1xx of another: " + reply.interim();
        }
        boolean hints = ask.deed() == Deed.INTERIM || ask.deed() == Deed.INTERIM_FLOOD;
        boolean unexpected = !hints && reply.interim().size() > (ask.body().expects() ? 1 : 0);
        return unexpected ? "1xx that nobody sent: " + reply.interim() : null;
    }

    private static @Nullable String wrong(Ask ask, Reply reply) {
        if (reply.end() != Reply.End.WHOLE) {
            return "should have been whole";
        }
        int status = ask.deed() == Deed.EMPTY ? 204 : ask.deed().ending() == Deed.Ending.TUNNEL ? 101 : 200;
        if (reply.status() != status) {
            return "should have had status " + status;
        }
        String part = wrongPart(ask, reply);
        boolean withBody = status == 200 && ask.verb() != Ask.Verb.HEAD;
        if (part != null) {
            return part;
        }
        if (withBody && reply.body().length != ask.answerBytes()) {
            return "should have had " + ask.answerBytes() + " bytes";
        }
        if (withBody && ask.deed() == Deed.CHUNKED && !ask.http10()
                && !reply.trailers().equals("X-Tail: " + Wire.field(reply.head(), "X-Sum") + "\r\n\r\n")) {
            return "trailers: " + reply.trailers();
        }
        boolean mayEnd = ask.http10() || ask.deed() == Deed.UNTIL_CLOSE || ask.deed() == Deed.EARLY;
        return persistent(ask, reply) || mayEnd ? null : "should have left the connection open";
    }

    /** What there is of the answer must be the beginning of the right one. */
    private static @Nullable String wrongPart(Ask ask, Reply reply) {
        if (!reply.says("X-Token", ask.token())) {
            return "another's answer";
        }
        if (!reply.says("X-Side", ask.side().label())) {
            return "from the wrong side";
        }
        if (reply.head().contains(Proof.POISON) || reply.head().contains("X-Poison")) {
            return "poison in its head";
        }
        byte[] right = Proof.answered(ask.token(), ask.answerBytes());
        byte[] body = reply.body();
        boolean prefix = body.length <= right.length
                && Arrays.equals(body, 0, body.length, right, 0, body.length);
        return prefix ? null : "the body is not what the endpoint sent";
    }

    /** Whether the client may use the connection again. */
    static boolean persistent(Ask ask, Reply reply) {
        return reply.end() == Reply.End.WHOLE
                && (ask.body().version() == Version.HTTP_11
                        ? !reply.says("Connection", "close")
                        : reply.says("Connection", "keep-alive"));
    }

    void fault(Ask ask, Reply reply, String wrong) {
        books.ended(ask.token(), "fault");
        books.fault(wrong + "\n  " + ask + "\n  " + reply);
    }
}
