package dev.turnout.proxy.http.head;

import dev.turnout.proxy.http.head.FieldSection.Progress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules for a head once more, written to be read and not to be fast: strings, regular expressions, lists, and the
 * whole input at once. What {@link RequestHead} and {@link ResponseHead} make of any input must be what this makes of it.
 */
final class ReferenceHead {
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]";
    private static final Pattern HOST_AND_PORT = Pattern.compile(
            "(\\[[A-Za-z0-9._~%!$&'()*+,;=:-]+]|[A-Za-z0-9._~%!$&'()*+,;=-]+)(?::(\\d{0,5}))?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)(https?)://([^/?]*)(.*)");
    private static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection", "te",
            "upgrade", "http2-settings");
    private static final Set<String> NEVER_CUT = Set.of("host", "content-length", "transfer-encoding",
            "content-type", "content-encoding", "cache-control", "authorization", "cookie", "set-cookie",
            "forwarded", "via", "date", "trailer");
    private static final Set<String> TOO_LATE = Set.of("content-length", "transfer-encoding", "trailer",
            "host",
            "authorization", "cookie", "set-cookie", "content-type", "content-encoding", "content-range",
            "cache-control", "expect", "if-match", "if-none-match", "if-modified-since",
            "if-unmodified-since",
            "if-range", "max-forwards", "pragma", "range", "proxy-authorization", "proxy-authenticate",
            "www-authenticate", "location", "age", "expires", "date", "vary", "retry-after", "warning",
            "forwarded",
            "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto");
    private static final int MOST_OPTIONS = 32;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS",
            "TRACE");

    private record Field(String line, String name, String value) {}

    /** The scan ends here: refused, or for want of bytes. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Optional<HeadFault> fault;

        Stop(Optional<HeadFault> fault) {
            super("", null, false, false);
            this.fault = fault;
        }
    }

    private final HeadLimits limits;
    private final String all;
    private final String seen;
    private int at;
    private boolean inTarget;
    private boolean judging = true;
    private final List<Field> fields = new ArrayList<>();
    private boolean http10;

    private ReferenceHead(HeadLimits limits, String all) {
        this.limits = limits;
        this.all = all;
        seen = all.substring(0, Math.min(all.length(), limits.bytes()));
    }

    static Scanned request(HeadLimits limits, String text) {
        ReferenceHead head = new ReferenceHead(limits, text);
        try {
            return head.request();
        } catch (Stop stop) {
            return head.stopped(stop);
        }
    }

    static Scanned response(HeadLimits limits, String text) {
        ReferenceHead head = new ReferenceHead(limits, text);
        try {
            return head.response();
        } catch (Stop stop) {
            return head.stopped(stop);
        }
    }

    /** The trailers of a chunked body; the output has the empty line behind them. */
    static Scanned trailers(HeadLimits limits, String text) {
        ReferenceHead section = new ReferenceHead(limits, text);
        section.judging = false;
        try {
            section.fields(true);
        } catch (Stop stop) {
            return section.stopped(stop);
        }
        String output = section.fields.stream()
                .filter(field -> !field.name.contains("_") && !HOP_BY_HOP.contains(field.name)
                        && !TOO_LATE.contains(field.name))
                .map(Field::line)
                .collect(Collectors.joining("", "", "\r\n"));
        return new Scanned(Progress.COMPLETE, null, "", section.at, List.of(), 0, "", output);
    }

    private Scanned stopped(Stop stop) {
        return stop.fault
                .map(fault -> new Scanned(Progress.REFUSED, fault, "", 0, List.of(), 0, "", ""))
                .orElseGet(() -> new Scanned(Progress.MORE, null, "", 0, List.of(), 0, "", ""));
    }

    private static void refuseIf(boolean wrong, HeadFault fault) throws Stop {
        if (wrong) {
            throw new Stop(Optional.of(fault));
        }
    }

    private char peek() throws Stop {
        if (at < seen.length()) {
            return seen.charAt(at);
        }
        refuseIf(all.length() >= limits.bytes(),
                inTarget ? HeadFault.TARGET_TOO_LONG : HeadFault.TOO_LARGE);
        throw new Stop(Optional.empty());
    }

    private void expect(char wanted, HeadFault otherwise) throws Stop {
        refuseIf(peek() != wanted, otherwise);
        at++;
    }

    private String run(IntPredicate belongs, int most, HeadFault tooMany) throws Stop {
        int from = at;
        while (belongs.test(peek())) {
            refuseIf(at - from == most, tooMany);
            at++;
        }
        return seen.substring(from, at);
    }

    private static boolean token(int octet) {
        return String.valueOf((char) octet).matches(TOKEN);
    }

    private static boolean target(int octet) {
        return octet > 0x20 && octet < 0x7F && "\"#<>".indexOf(octet) < 0;
    }

    private static boolean value(int octet) {
        return octet == '\t' || (octet >= 0x20 && octet != 0x7F);
    }

    private Scanned request() throws Stop {
        if (peek() == '\r') {
            at++;
            expect('\n', HeadFault.LEADING_JUNK);
        }
        refuseIf(!token(peek()), HeadFault.LEADING_JUNK);
        String method = run(ReferenceHead::token, 32, HeadFault.METHOD);
        expect(' ', HeadFault.METHOD);
        inTarget = true;
        String target = run(ReferenceHead::target, limits.targetBytes(), HeadFault.TARGET_TOO_LONG);
        expect(' ', HeadFault.TARGET);
        inTarget = false;
        refuseIf(method.equals("CONNECT"), HeadFault.CONNECT);
        refuseIf(target.isEmpty(), HeadFault.TARGET);
        Matcher absolute = ABSOLUTE.matcher(target);
        boolean isAbsolute = !target.startsWith("/") && !(target.equals("*") && method.equals("OPTIONS"));
        refuseIf(isAbsolute && !(absolute.matches() && isHost(absolute.group(2))),
                HeadFault.TARGET_FORM);
        version(HeadFault.VERSION_SYNTAX);
        expect('\r', HeadFault.VERSION_SYNTAX);
        expect('\n', HeadFault.LINE_END);
        fields(true);
        framing();
        List<String> hosts = values("host");
        refuseIf(hosts.isEmpty() && !http10, HeadFault.NO_HOST);
        if (isAbsolute && !hosts.isEmpty()) {
            String scheme = absolute.group(1);
            refuseIf(!place(scheme, absolute.group(2)).equals(place(scheme, hosts.getFirst())),
                    HeadFault.HOST_MISMATCH);
        }
        String path = isAbsolute ? path(method, absolute.group(3)) : target;
        String added = isAbsolute && hosts.isEmpty() ? "Host: " + absolute.group(2) + "\r\n" : "";
        String output = method + " " + path + " HTTP/1." + (http10 ? 0 : 1) + "\r\n" + kept(Set.of()) + added;
        boolean body = !values("transfer-encoding").isEmpty()
                || values("content-length").stream().anyMatch(length -> !length.equals("0"));
        return complete(" " + (METHODS.contains(method) ? method : "OTHER") + " body=" + body, output);
    }

    private static boolean isHost(String authority) {
        Matcher parts = HOST_AND_PORT.matcher(authority);
        return parts.matches()
                && Integer.parseInt("0" + Objects.requireNonNullElse(parts.group(2), "")) <= 65_535;
    }

    private static String path(String method, String path) {
        if (path.isEmpty()) {
            return method.equals("OPTIONS") ? "*" : "/";
        }
        return path.startsWith("/") ? path : "/" + path;
    }

    private static String place(String scheme, String authority) {
        Matcher parts = HOST_AND_PORT.matcher(authority.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException(authority);
        }
        String port = parts.group(2) == null || parts.group(2).isEmpty()
                ? scheme.equalsIgnoreCase("http") ? "80" : "443"
                : parts.group(2);
        return parts.group(1) + ":" + Integer.parseInt(port);
    }

    private Scanned response() throws Stop {
        version(HeadFault.STATUS_LINE);
        expect(' ', HeadFault.STATUS_LINE);
        int from = at;
        for (int digit = 0; digit < 3; digit++) {
            refuseIf(!Character.isDigit(peek()), HeadFault.STATUS_LINE);
            at++;
        }
        int status = Integer.parseInt(seen.substring(from, at));
        peek();
        refuseIf(status < 100 || status > 599, HeadFault.STATUS_LINE);
        String reason = "";
        if (peek() == ' ') {
            reason = run(ReferenceHead::value, Integer.MAX_VALUE, HeadFault.STATUS_LINE);
        }
        expect('\r', HeadFault.STATUS_LINE);
        expect('\n', HeadFault.LINE_END);
        fields(false);
        framing();
        boolean bodyless = status < 200 || status == 204;
        boolean announces = !values("transfer-encoding").isEmpty()
                || values("content-length").stream().anyMatch(length -> !length.equals("0"));
        Set<String> cut = bodyless && announces ? Set.of("content-length", "transfer-encoding") : Set.of();
        return complete(" " + status + " bodyless=" + (bodyless || status == 304),
                "HTTP/1.1 " + status + reason + "\r\n" + kept(cut));
    }

    private void version(HeadFault syntax) throws Stop {
        int from = at;
        for (char letter : "HTTP/".toCharArray()) {
            expect(letter, syntax);
        }
        refuseIf(!Character.isDigit(peek()), syntax);
        at++;
        expect('.', syntax);
        refuseIf(!Character.isDigit(peek()), syntax);
        at++;
        String version = seen.substring(from, at);
        refuseIf(!version.matches("HTTP/1\\.[01]"), HeadFault.VERSION);
        http10 = version.endsWith("0");
    }

    private void fields(boolean request) throws Stop {
        while (peek() != '\r') {
            refuseIf(peek() == ' ' || peek() == '\t', HeadFault.FOLDED_FIELD);
            refuseIf(fields.size() == limits.fields(), HeadFault.TOO_MANY_FIELDS);
            int from = at;
            String name = run(ReferenceHead::token, Integer.MAX_VALUE, HeadFault.FIELD_NAME);
            refuseIf(name.isEmpty(), HeadFault.FIELD_NAME);
            expect(':', HeadFault.FIELD_NAME);
            String value = run(ReferenceHead::value, Integer.MAX_VALUE, HeadFault.FIELD_VALUE);
            refuseIf(peek() == '\n', HeadFault.LINE_END);
            expect('\r', HeadFault.FIELD_VALUE);
            expect('\n', HeadFault.LINE_END);
            String trimmed = value.replaceAll("^[ \t]+|[ \t]+$", "");
            Field field = new Field(seen.substring(from, at), name.toLowerCase(Locale.ROOT), trimmed);
            if (judging) {
                judge(field, request);
            }
            fields.add(field);
        }
        at++;
        expect('\n', HeadFault.LINE_END);
    }

    private void judge(Field field, boolean request) throws Stop {
        switch (field.name) {
            case "content-length" -> {
                refuseIf(!values("content-length").isEmpty(), HeadFault.REPEATED_CONTENT_LENGTH);
                refuseIf(!field.value.matches("0|[1-9][0-9]{0,18}")
                        || new BigInteger(field.value).bitLength() > 63, HeadFault.CONTENT_LENGTH);
            }
            case "transfer-encoding" ->
                refuseIf(!values("transfer-encoding").isEmpty() || !field.value.equalsIgnoreCase("chunked"),
                        HeadFault.CODING);
            case "host" -> {
                refuseIf(request && !values("host").isEmpty(), HeadFault.REPEATED_HOST);
                refuseIf(request && !isHost(field.value), HeadFault.HOST);
            }
            case "expect" -> refuseIf(request && !http10 && !field.value.equalsIgnoreCase("100-continue"),
                    HeadFault.EXPECTATION);
            default -> {
            }
        }
    }

    private void framing() throws Stop {
        boolean chunked = !values("transfer-encoding").isEmpty();
        refuseIf(chunked && !values("content-length").isEmpty(), HeadFault.LENGTH_AND_CODING);
        refuseIf(chunked && http10, HeadFault.CODING_IN_HTTP_10);
        List<String> options = connectionOptions().stream().filter(option -> !option.isEmpty()).toList();
        refuseIf(options.size() > MOST_OPTIONS && !Set.of("close", "keep-alive").containsAll(options),
                HeadFault.CONNECTION_OPTIONS);
    }

    private List<String> values(String name) {
        return fields.stream().filter(field -> field.name.equals(name)).map(Field::value).toList();
    }

    private List<String> connectionOptions() {
        return values("connection").stream()
                .flatMap(value -> Arrays.stream(value.toLowerCase(Locale.ROOT).split(",", -1)))
                .map(option -> option.replaceAll("^[ \t]+|[ \t]+$", ""))
                .toList();
    }

    private boolean dropped(Field field) {
        return field.name.contains("_") && !seen.startsWith("HTTP/");
    }

    private String kept(Set<String> cut) {
        List<String> options = connectionOptions();
        StringBuilder kept = new StringBuilder();
        for (Field field : fields) {
            boolean nominated = options.contains(field.name) && !field.name.startsWith("x-")
                    && !NEVER_CUT.contains(field.name);
            boolean expectOfOld = http10 && field.name.equals("expect") && !seen.startsWith("HTTP/");
            if (!dropped(field) && !HOP_BY_HOP.contains(field.name) && !nominated && !expectOfOld
                    && !cut.contains(field.name)) {
                kept.append(field.line);
            }
        }
        return kept.toString();
    }

    private Scanned complete(String facts, String output) {
        boolean close = connectionOptions().contains("close");
        boolean keepAlive = connectionOptions().contains("keep-alive");
        List<String> lengths = values("content-length");
        return new Scanned(Progress.COMPLETE, null, "", at, fields.stream().map(Field::value).toList(),
                (int) fields.stream().filter(this::dropped).count(),
                "length=" + (lengths.isEmpty() ? "-1" : lengths.getFirst()) + " chunked="
                        + !values("transfer-encoding").isEmpty() + " http10=" + http10 + " persistent="
                        + (!close && (!http10 || keepAlive)) + facts,
                output);
    }
}
