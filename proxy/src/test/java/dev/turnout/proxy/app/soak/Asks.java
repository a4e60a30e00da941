package dev.turnout.proxy.app.soak;

import dev.turnout.proxy.app.soak.Ask.Body;
import dev.turnout.proxy.app.soak.Ask.Verb;
import dev.turnout.proxy.app.soak.Ask.Version;
import java.util.List;
import java.util.SplittableRandom;

/** Draws the requests of one client. One thread. */
final class Asks {
    private static final List<Deed> GOOD = List.of(Deed.LENGTH, Deed.LENGTH, Deed.LENGTH, Deed.PIECES,
            Deed.CHUNKED,
            Deed.CHUNKED, Deed.UNTIL_CLOSE, Deed.INTERIM, Deed.EARLY, Deed.SLOW, Deed.EMPTY, Deed.CLOSE_SAID,
            Deed.CLOSE_UNSAID, Deed.EXTRA, Deed.EXTRA_ALIGNED, Deed.EXTRA_ALIGNED);
    private static final List<Deed> BAD = List.of(Deed.CLOSE_FIRST, Deed.RESET_FIRST, Deed.GARBAGE,
            Deed.LENGTH_AND_CODING, Deed.TWO_LENGTHS, Deed.LARGE_HEAD, Deed.UNASKED_SWITCH,
            Deed.INTERIM_FLOOD,
            Deed.CUT, Deed.CUT_CHUNKS, Deed.RESET_INSIDE, Deed.RESET_UNTIL_CLOSE, Deed.BAD_CHUNK);
    private static final List<Deed> SILENT = List.of(Deed.SILENT, Deed.SILENT_INSIDE);
    private static final List<Verb> VERBS = List.of(Verb.values());
    private static final int KIB = 1024;
    private static final int MOST_EXTRA_BYTES = 12 * KIB;
    private static final int USERS = 50;

    private final SplittableRandom random;
    private final String client;
    private String manner = "";
    private int made;

    Asks(SplittableRandom random, int client) {
        this.random = random;
        this.client = "c" + client + "-";
    }

    /** What the next requests are part of, for messages. */
    void manner(String now) {
        manner = now + "-";
    }

    /** Anything, of HTTP/1.1. */
    Ask any() {
        return of(deed(), Version.HTTP_11);
    }

    /** Anything that an endpoint can say to HTTP/1.0. */
    Ask http10(Version version) {
        Deed deed = deed();
        return of(deed == Deed.BAD_CHUNK || deed == Deed.CUT_CHUNKS ? Deed.CUT : deed, version);
    }

    private Ask of(Deed deed, Version version) {
        Verb verb = one(VERBS);
        if (deed.ending() == Deed.Ending.BROKEN && verb == Verb.HEAD) {
            verb = Verb.GET;
        }
        Body body = verb == Verb.POST || verb == Verb.PUT ? body(version) : Body.none(version);
        return ask(verb, deed, answerBytes(deed), body);
    }

    /** Without a body, and with an answer of this size. */
    Ask get(Deed deed, int answerBytes) {
        return ask(Verb.GET, deed, answerBytes, Body.NONE);
    }

    /** With a body of at least two bytes, by Content-Length. */
    Ask post(Deed deed) {
        return ask(Verb.POST, deed, answerBytes(deed), new Body(Version.HTTP_11, 2 + bytes(), false, false));
    }

    /** As small as pipelined requests are. */
    Ask small() {
        Verb verb = one(VERBS);
        Deed deed = random.nextInt(5) == 0 ? Deed.EXTRA_ALIGNED : deed();
        if (deed.ending() == Deed.Ending.BROKEN && verb == Verb.HEAD) {
            verb = Verb.GET;
        }
        Body body = verb == Verb.POST || verb == Verb.PUT
                ? new Body(Version.HTTP_11, random.nextInt(4 * KIB), random.nextBoolean(), false)
                : Body.NONE;
        return ask(verb, deed, answerBytes(deed), body);
    }

    private Ask ask(Verb verb, Deed deed, int answerBytes, Body body) {
        return new Ask(client + manner + ++made, "u" + random.nextInt(USERS), random.nextInt(6) == 0, verb,
                deed, answerBytes,
                body);
    }

    private Body body(Version version) {
        boolean http11 = version == Version.HTTP_11;
        int bytes = bytes();
        return new Body(version, bytes, http11 && random.nextBoolean(),
                http11 && bytes > 0 && random.nextInt(5) == 0);
    }

    private Deed deed() {
        int draw = random.nextInt(100);
        return draw < 76 ? one(GOOD) : draw < 99 ? one(BAD) : one(SILENT);
    }

    private int answerBytes(Deed deed) {
        return switch (deed) {
            case EXTRA, EXTRA_ALIGNED -> random.nextInt(MOST_EXTRA_BYTES);
            case EMPTY -> 0;
            default -> 1 + bytes();
        };
    }

    private int bytes() {
        int draw = random.nextInt(100);
        return draw < 70
                ? random.nextInt(2 * KIB)
                : draw < 90
                        ? random.nextInt(32 * KIB)
                        : draw < 98 ? random.nextInt(256 * KIB) : random.nextInt(3 * KIB * KIB);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
