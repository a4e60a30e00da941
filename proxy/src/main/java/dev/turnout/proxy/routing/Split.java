package dev.turnout.proxy.routing;

import dev.turnout.config.CohortKey;
import dev.turnout.config.HeaderOverride;
import dev.turnout.config.Share;
import dev.turnout.config.SplitConfig;
import dev.turnout.config.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How one route divides its traffic, in the form in which requests are decided. Immutable. */
public final class Split {
    /** One override, its texts as the bytes that are compared. */
    private static final class Forced {
        private final byte[] header;
        private final byte[] value;
        private final Target to;

        Forced(HeaderOverride override) {
            header = headerName(override.header());
            value = override.value().getBytes(StandardCharsets.UTF_8);
            to = override.to();
        }
    }

    private final Share green;
    private final List<Forced> overrides;
    private final Optional<CohortKey> cohort;
    private final byte[] cohortName;
    /** The salt and the separator: what stands before every key. */
    private final byte[] salted;

    private Split(Share green, List<Forced> overrides, Optional<CohortKey> cohort, byte[] cohortName,
            byte[] salted) {
        this.green = green;
        this.overrides = overrides;
        this.cohort = cohort;
        this.cohortName = cohortName;
        this.salted = salted;
    }

    /** The split of the configuration file. */
    public static Split of(SplitConfig config) {
        byte[] name = config.cohort().map(key -> switch (key) {
            case CohortKey.Header header -> headerName(header.name());
            case CohortKey.Cookie cookie -> cookie.name().getBytes(StandardCharsets.US_ASCII);
        }).orElse(new byte[0]);
        return new Split(config.green(), config.overrides().stream().map(Forced::new).toList(),
                config.cohort(), name,
                (config.salt() + (char) Cohort.SEPARATOR).getBytes(StandardCharsets.UTF_8));
    }

    /** The same but for green's share. */
    public Split withGreen(Share share) {
        return new Split(share, overrides, cohort, cohortName, salted);
    }

    public Share green() {
        return green;
    }

    private static byte[] headerName(String name) {
        return name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Walks the ladder.
     *
     * @param scratch overwritten; large enough for the salt and the longest value of a head
     * @param draw for requests without a key; evenly spread
     */
    Decision decide(RequestFacts facts, byte[] scratch, long draw) {
        for (Forced forced : overrides) {
            int length = facts.header(forced.header, scratch, 0);
            if (length == forced.value.length && startsWith(scratch, forced.value)) {
                return Decision.of(forced.to, Rung.OVERRIDE);
            }
        }
        int length = key(facts, scratch);
        if (length <= 0) {
            return Decision.of(Cohort.side(draw, green.ppm()), Rung.UNKEYED);
        }
        System.arraycopy(salted, 0, scratch, 0, salted.length);
        return Decision.of(Cohort.side(Xxh64.hash(scratch, salted.length + length), green.ppm()),
                Rung.COHORT);
    }

    private int key(RequestFacts facts, byte[] scratch) {
        if (cohort.isEmpty()) {
            return RequestFacts.ABSENT;
        }
        return switch (cohort.get()) {
            case CohortKey.Header _ -> facts.header(cohortName, scratch, salted.length);
            case CohortKey.Cookie _ -> facts.cookie(cohortName, scratch, salted.length);
        };
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
