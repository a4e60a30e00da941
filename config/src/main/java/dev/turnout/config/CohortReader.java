package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the section {@code split.cohort} of a route. */
final class CohortReader {
    private static final String COOKIE = "cookie";
    private static final String USER = "user";
    private static final String APPLICATION = "application";
    private static final String STARTUP_PARAMETER = "startup-parameter";
    private static final String CLIENT_IP = "client-ip";
    private static final List<String> KEYS = List.of(COOKIE, "header", "query", USER, APPLICATION,
            STARTUP_PARAMETER, CLIENT_IP);
    /** Which are true or false: false is as good as left out. */
    private static final List<String> FLAGS = List.of(USER, APPLICATION, CLIENT_IP);

    private final Problems problems;

    CohortReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<Optional<CohortConfig>> read(Section cohort) {
        Read<Optional<String>> cookie = cohort.readIfSet(COOKIE, Kinds.FIELD_NAME);
        Read<Optional<String>> header = cohort.readIfSet("header", Kinds.HEADER_NAME);
        Read<Optional<String>> query = cohort.readIfSet("query", Kinds.QUERY_NAME);
        Read<Optional<String>> parameter = cohort.readIfSet(STARTUP_PARAMETER, PostgresKinds.PARAMETER);
        Set<String> off = FLAGS.stream()
                .filter(key -> cohort.read(key, Kinds.FLAG).value().equals(Optional.of(false)))
                .collect(Collectors.toSet());
        Read<Boolean> mint = cohort.read("mint", Kinds.FLAG);
        List<String> written = KEYS.stream().filter(key -> cohort.has(key) && !off.contains(key)).toList();
        if (!cohort.spot().isAbsent()) {
            cohort.requireOneOf(KEYS, written);
        }
        if (cohort.has("mint") && written.size() == 1 && !written.contains(COOKIE)) {
            Spot spot = cohort.member("mint");
            problems.error(spot, Shown.found(spot) + ", where users are told apart by " + written.getFirst(),
                    "nothing, only a cookie can be minted");
        }
        cookie.value().flatMap(name -> name).filter(name -> name.matches("__(Host|Secure)-.*"))
                .filter(name -> mint.value().equals(Optional.of(true)))
                .ifPresent(name -> problems.error(cohort.member(COOKIE), Shown.text(name)
                        + ", which browsers keep only when it is set with Secure, and that is not done here",
                        "another name, or mint = false"));
        return () -> Stream.of(
                cookie.get().map(name -> new CohortConfig(new RequestKey.Cookie(name), mint.get())),
                header.get().map(name -> new CohortConfig(new RequestKey.Header(name), false)),
                query.get().map(name -> new CohortConfig(new RequestKey.Query(name), false)),
                parameter.get().map(name -> new CohortConfig(new RequestKey.Startup(name), false)),
                written.stream().filter(FLAGS::contains).findFirst().map(CohortReader::flagged))
                .flatMap(Optional::stream).findFirst();
    }

    private static CohortConfig flagged(String key) {
        RequestKey told = switch (key) {
            case USER -> new RequestKey.Startup("user");
            case APPLICATION -> new RequestKey.Startup("application_name");
            default -> new RequestKey.ClientAddress();
        };
        return new CohortConfig(told, false);
    }
}
