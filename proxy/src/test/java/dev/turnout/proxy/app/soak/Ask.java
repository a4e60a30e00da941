package dev.turnout.proxy.app.soak;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import dev.turnout.proxy.routing.Cohort;
import java.util.SplittableRandom;

/**
 * One request, and all that its answer has to be.
 *
 * @param token no other request has it
 * @param user decides the side, unless it is forced
 * @param answerBytes of the body that the endpoint is to answer with
 */
record Ask(String token, String user, boolean forced, Verb verb, Deed deed, int answerBytes, Body body) {
    static final String ROUTE = "shop";
    /** The override in the configuration: with this field a request goes to green. */
    static final String FORCE = "X-Force";

    enum Verb {
        GET, HEAD, POST, PUT
    }

    enum Version {
        HTTP_11, HTTP_10, HTTP_10_KEPT
    }

    /** @param expects whether the client waits for 100 before it sends the body */
    record Body(Version version, int bytes, boolean chunked, boolean expects) {
        static final Body NONE = new Body(Version.HTTP_11, 0, false, false);

        static Body none(Version version) {
            return new Body(version, 0, false, false);
        }

        boolean present() {
            return bytes > 0 || chunked;
        }
    }

    Target side() {
        return forced
                ? Target.GREEN
                : Cohort.side(Wire.ascii(ROUTE), Wire.ascii(user), new Share(Share.WHOLE_PPM / 2));
    }

    /** Whether it may be sent twice when an endpoint closes an idle connection just as it arrives. */
    boolean repeatable() {
        return verb != Verb.POST && !body.present();
    }

    boolean http10() {
        return body.version() != Version.HTTP_11;
    }

    byte[] content() {
        return Proof.asked(token, body.bytes());
    }

    /** @param fields more of them, each with its line end */
    String head(String fields) {
        StringBuilder head = new StringBuilder();
        head.append(verb).append(" /soak/").append(token)
                .append(http10() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        head.append("Host: soak\r\nX-Token: ").append(token).append("\r\nX-Deed: ").append(deed)
                .append("\r\nX-Answer-Bytes: ").append(answerBytes).append("\r\nX-Sum: ")
                .append(Proof.sum(content())).append("\r\nCookie: a=b; uid=").append(user).append("\r\n");
        if (forced) {
            head.append(FORCE).append(": green\r\n");
        }
        if (body.chunked()) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body.present()) {
            head.append("Content-Length: ").append(body.bytes()).append("\r\n");
        }
        if (body.expects()) {
            head.append("Expect: 100-continue\r\n");
        }
        if (body.version() == Version.HTTP_10_KEPT) {
            head.append("Connection: keep-alive\r\n");
        }
        return head.append(fields).append("\r\n").toString();
    }

    /** The body as it goes over the wire. */
    byte[] framed(SplittableRandom random) {
        byte[] content = content();
        return body.chunked() ? Wire.chunked(content, "X-Tail: " + token + "\r\n", random) : content;
    }
}
