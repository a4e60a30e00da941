package dev.turnout.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads the section {@code split.cohort} of a route. */
final class CohortReader {
    private static final String COOKIE = "cookie";
    private static final String CLIENT_IP = "client-ip";
    private static final List<String> KEYS = List.of(COOKIE, "header", "query", CLIENT_IP);

    private final Problems problems;

    CohortReader(Problems problems) {
        this.problems = problems;
    }

    Supplier<Optional<CohortConfig>> read(Section cohort) {
        Read<Optional<String>> cookie = cohort.readIfSet(COOKIE, Kinds.FIELD_NAME);
        Read<Optional<String>> header = cohort.readIfSet("header", Kinds.HEADER_NAME);
        Read<Optional<String>> query = cohort.readIfSet("query", Kinds.QUERY_NAME);
        Read<Boolean> clientIp = cohort.read(CLIENT_IP, Kinds.FLAG);
        Read<Boolean> mint = cohort.read("mint", Kinds.FLAG);
        List<String> written = KEYS.stream()
                .filter(key -> cohort.has(key)
                        && !(key.equals(CLIENT_IP) && clientIp.value().equals(Optional.of(false))))
                .toList();
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
                clientIp.value().filter(on -> on)
                        .map(on -> new CohortConfig(new RequestKey.ClientAddress(), false)))
                .flatMap(Optional::stream).findFirst();
    }
}
