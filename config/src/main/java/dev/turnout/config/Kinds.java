package dev.turnout.config;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every kind of value that a key may hold. */
final class Kinds {
    /** Of RFC 9110 9.3 and RFC 5789. */
    private static final List<String> STANDARD_METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE",
            "CONNECT", "OPTIONS", "TRACE", "PATCH");

    static final Kind<Protocol> PROTOCOL = Kind.choice(Protocol.class, Protocol::label);
    static final Kind<Transport> TRANSPORT = Kind.choice(Transport.class, Transport::label);
    static final Kind<Role> ROLE = Kind.choice(Role.class, Role::label);
    static final Kind<Target> TARGET = Kind.choice(Target.class, Target::label);
    static final Kind<UnhealthyPolicy> UNHEALTHY = Kind.choice(UnhealthyPolicy.class, UnhealthyPolicy::label);
    static final Kind<HealthConfig.Check> CHECK = Kind.choice(HealthConfig.Check.class,
            HealthConfig.Check::label);
    static final Kind<Address> LISTEN = Kind.of(Address.ALLOWED, text -> address(text, 0));
    static final Kind<Address> ENDPOINT = Kind.of(Address.ALLOWED_ENDPOINT, text -> address(text, 1));
    static final Kind<Address> NAME_SERVER = Kind.of("IP:port, port 1 to 65535, IPv6 in brackets",
            text -> literal(address(text, 1)));
    static final Kind<AddressRange> ADDRESS_RANGE = Kind.of(AddressRange.ALLOWED, AddressRange::parse);
    static final Kind<Share> SHARE = Kind.of(Share.ALLOWED, Share::ofPercent);
    static final Kind<Boolean> FLAG = Kind.of("true or false", Kinds::flag);
    static final Kind<String> ROUTE_NAME = Kind.matching(
            "1 to 63 lower-case letters, digits and hyphens, the first no hyphen", "[a-z0-9][a-z0-9-]{0,62}");
    static final Kind<String> TOKEN_NAME = Kind.matching("1 to 63 letters, digits and . _ @ -",
            "[A-Za-z0-9._@-]{1,63}");
    static final Kind<Secret> TOKEN = Kind.matching("8 to 512 visible ASCII characters without spaces",
            "[!-~]{8,512}").andThen(Secret::new).asSecret();
    /** Also the name of a cookie: RFC 6265 4.1.1. */
    static final Kind<String> FIELD_NAME = Kind.matching(
            "1 to 256 letters, digits and ! # $ % & ' * + - . ^ _ ` | ~",
            "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
    /** One that means something beyond the next hop: the others are not passed on. */
    static final Kind<String> HEADER_NAME = Kind.matching(
            FIELD_NAME.allowed()
                    + ", no field that is for one hop only (RFC 9110 7.6.1) or frames the message",
            "(?i)(?!(connection|keep-alive|proxy-connection|te|upgrade|http2-settings|transfer-encoding|content-length)$)"
                    + "[a-z0-9!#$%&'*+.^_`|~-]{1,256}");
    static final Kind<String> FIELD_VALUE = Kind.matching(
            "1 to 1024 printable ASCII characters, no space at either end", "(?! )[ -~]{1,1024}(?<! )");
    /** Letter case matters, so that {@code get} would never be asked. */
    static final Kind<String> METHOD = Kind.text(
            "a method as GET, 1 to 32 letters, digits and ! # $ % & ' * + - . ^ _ ` | ~", Kinds::isMethod)
            .suggesting(STANDARD_METHODS);
    static final Kind<HostPattern> HOST = Kind.of(HostPattern.ALLOWED, HostPattern::parse);
    /** Whole segments, so a slash at the end adds nothing. */
    static final Kind<String> PATH_PREFIX = Kind.matching(
            "1 to 1024 visible ASCII characters without \" # < > ?, the first a /",
            "/[!-~&&[^\"#<>?]]{0,1023}").andThen(Kinds::withoutFinalSlash);
    static final Kind<String> QUERY_NAME = Kind.matching("1 to 256 characters, none a control character",
            "[\\P{Cc}&&\\P{Cs}]{1,256}");
    static final Kind<String> QUERY_VALUE = Kind.matching("0 to 1024 characters, none a control character",
            "[\\P{Cc}&&\\P{Cs}]{0,1024}");
    static final Kind<String> SALT = Kind.text("1 to 128 bytes of UTF-8 without U+001F", Kinds::isSalt);
    static final Kind<Path> PATH = Kind.text("a path of 1 to 4096 characters",
            text -> !text.isBlank() && text.length() <= 4096).andThen(Path::of);
    /** Where an access log goes. */
    static final Kind<String> LOG = Kind.text(PATH.allowed() + ", or \"-\"",
            text -> PATH.fit(text).isPresent());
    /** A request target that this proxy would pass on itself. */
    static final Kind<String> CHECK_PATH = Kind.matching(
            "1 to 1024 visible ASCII characters without \" # < >, the first a /", "/[!-~&&[^\"#<>]]{0,1023}");

    /** RFC 1035 2.3.4, without the final dot. */
    private static final int MAX_HOST_LENGTH = 253;
    private static final int MAX_METHOD_LENGTH = 32;
    private static final int MAX_SALT_BYTES = 128;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?(B|KiB|MiB|GiB)");

    private Kinds() {}

    static Kind<Integer> number(int min, int max) {
        String allowed = "a whole number, " + min + " to " + max;
        return Kind.of(allowed, text -> {
            Kind.require(text.matches("-?\\d{1,9}"), allowed);
            int number = Integer.parseInt(text);
            Kind.require(number >= min && number <= max, allowed);
            return number;
        });
    }

    /** A duration with its unit; a bare number would be milliseconds to HOCON and seconds to most readers. */
    static Kind<Duration> duration(Duration min, Duration max, String range) {
        String allowed = range + ", with its unit";
        return Kind.of(allowed, text -> {
            Matcher parts = DURATION.matcher(text.strip());
            Kind.require(parts.matches(), allowed);
            long unitNanos = switch (parts.group(2)) {
                case "ms" -> 1_000_000L;
                case "s" -> 1_000_000_000L;
                case "m" -> 60_000_000_000L;
                default -> 3_600_000_000_000L;
            };
            BigDecimal nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unitNanos));
            Kind.require(nanos.compareTo(BigDecimal.valueOf(min.toNanos())) >= 0
                    && nanos.compareTo(BigDecimal.valueOf(max.toNanos())) <= 0, allowed);
            return Duration.ofNanos(nanos.longValue());
        });
    }

    /** A number of bytes with its unit; a bare number would be bytes to some readers and KiB to others. */
    static Kind<Long> size(long min, long max, String range) {
        String allowed = range + ", a whole number with its unit (B, KiB, MiB, GiB)";
        return Kind.of(allowed, text -> {
            Matcher parts = SIZE.matcher(text.strip());
            Kind.require(parts.matches(), allowed);
            int shift = switch (parts.group(2)) {
                case "B" -> 0;
                case "KiB" -> 10;
                case "MiB" -> 20;
                default -> 30;
            };
            long units = Long.parseLong(parts.group(1));
            Kind.require(units <= max >> shift && units << shift >= min, allowed);
            return units << shift;
        });
    }

    private static boolean flag(String text) {
        Kind.require(text.equals("true") || text.equals("false"), "true or false");
        return text.equals("true");
    }

    private static Address address(String text, int minPort) {
        Address address = Address.parse(text);
        Kind.require(address.port() >= minPort && address.host().length() <= MAX_HOST_LENGTH,
                Address.ALLOWED);
        String host = address.host().toLowerCase(Locale.ROOT);
        if (host.matches("[0-9.]+")) {
            // Nothing but digits and dots is no name (RFC 1123 2.1): 10.0.0.300 and 10.1 are slips.
            Kind.require(host.matches("\\d+(\\.\\d+){3}"), "four numbers");
        }
        Address lower = new Address(host, address.port());
        return Listeners.isLiteral(lower) ? literal(lower) : lower;
    }

    private static Address literal(Address address) {
        InetAddress.ofLiteral(address.host());
        return address;
    }

    private static boolean isMethod(String text) {
        return text.length() <= MAX_METHOD_LENGTH && FIELD_NAME.fit(text).isPresent()
                && (STANDARD_METHODS.contains(text)
                        || !STANDARD_METHODS.contains(text.toUpperCase(Locale.ROOT)));
    }

    private static String withoutFinalSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean isSalt(String text) {
        try {
            int bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
            return bytes >= 1 && bytes <= MAX_SALT_BYTES && text.indexOf('\u001F') < 0;
        } catch (CharacterCodingException e) {
            return false; // half of a surrogate pair has no UTF-8
        }
    }
}
