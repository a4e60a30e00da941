package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.failure.Kind;
import org.jspecify.annotations.Nullable;

/** What an endpoint does with a request: the client asks for it in a field, and so knows what may come of it. */
enum Deed {
    // @formatter:off
    /** Everything in one write. */
    LENGTH(Ending.WHOLE, null),
    PIECES(Ending.WHOLE, null),
    /** With extensions, and with trailers. */
    CHUNKED(Ending.WHOLE, null),
    UNTIL_CLOSE(Ending.WHOLE, null),
    /** 103 comes first, once or more often. */
    INTERIM(Ending.WHOLE, null),
    /** The answer comes before the request's body was read. */
    EARLY(Ending.WHOLE, null),
    SLOW(Ending.WHOLE, null),
    /** 204. */
    EMPTY(Ending.WHOLE, null),
    /** Says that the connection ends, and then says poison. */
    CLOSE_SAID(Ending.WHOLE, null),
    /** Closes behind the answer, which nobody could know. */
    CLOSE_UNSAID(Ending.WHOLE, null),
    /** Poison behind the answer, in the same write. */
    EXTRA(Ending.WHOLE, null),
    /** The same, and the answer is as large as a reader's buffer likes to be. */
    EXTRA_ALIGNED(Ending.WHOLE, null),

    CLOSE_FIRST(Ending.REFUSED, Kind.UPSTREAM_RESET),
    RESET_FIRST(Ending.REFUSED, Kind.UPSTREAM_RESET),
    GARBAGE(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    LENGTH_AND_CODING(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    TWO_LENGTHS(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    LARGE_HEAD(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    UNASKED_SWITCH(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    INTERIM_FLOOD(Ending.REFUSED, Kind.UPSTREAM_PROTOCOL),
    SILENT(Ending.REFUSED, Kind.UPSTREAM_TIMEOUT),

    CUT(Ending.BROKEN, null),
    CUT_CHUNKS(Ending.BROKEN, null),
    /** The head may be lost with the connection. */
    RESET_INSIDE(Ending.BROKEN, Kind.UPSTREAM_RESET),
    /** Without a length: only how it ends tells that this was not all. */
    RESET_UNTIL_CLOSE(Ending.BROKEN, Kind.UPSTREAM_RESET),
    BAD_CHUNK(Ending.BROKEN, null),
    SILENT_INSIDE(Ending.BROKEN, null),

    /** Switches protocols, and says back what it hears. */
    ECHO(Ending.TUNNEL, null),
    /** The same, and ends after as many bytes as the answer would have had. */
    ECHO_AND_CLOSE(Ending.TUNNEL, null);
    // @formatter:on

    /** What becomes of a request. */
    enum Ending {
        /** The right answer, whole. */
        WHOLE,
        /** The proxy's own answer. */
        REFUSED,
        /** Part of the right answer, and an end that cannot be taken for its own. */
        BROKEN, TUNNEL
    }

    private final Ending ending;
    private final @Nullable Kind kind;

    Deed(Ending ending, @Nullable Kind kind) {
        this.ending = ending;
        this.kind = kind;
    }

    Ending ending() {
        return ending;
    }

    /** The reason in the proxy's own answer; null where it gives none. */
    @Nullable
    Kind kind() {
        return kind;
    }
}
