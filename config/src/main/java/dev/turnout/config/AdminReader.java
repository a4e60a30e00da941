package dev.turnout.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the section {@code turnout.admin}. */
final class AdminReader {
    private static final int MAX_TOKENS = 1000;

    private final Problems problems;
    private final Listeners listeners;
    private final Map<String, Place> names = new HashMap<>();
    private final Map<Secret, Place> secrets = new HashMap<>();

    AdminReader(Problems problems, Listeners listeners) {
        this.problems = problems;
        this.listeners = listeners;
    }

    Supplier<AdminConfig> read(Section admin) {
        Read<Address> listen = admin.read("listen", Kinds.LISTEN);
        listen.value().ifPresent(address -> listeners.add(admin.member("listen"), address));
        List<Section> entries = admin.sectionList("tokens");
        if (entries.size() > MAX_TOKENS) {
            problems.error(admin.member("tokens"), entries.size() + " entries", "at most " + MAX_TOKENS);
        }
        List<Supplier<Optional<TokenConfig>>> tokens = entries.stream().map(this::token).toList();
        return () -> new AdminConfig(listen.get(),
                tokens.stream().flatMap(token -> token.get().stream()).toList());
    }

    /** Supplies nothing for an entry without a token. */
    private Supplier<Optional<TokenConfig>> token(Section entry) {
        Read<String> name = entry.read("name", Kinds.TOKEN_NAME);
        Read<Role> role = entry.read("role", Kinds.ROLE);
        Read<Optional<Secret>> token = entry.readIfSet("token", Kinds.TOKEN);
        name.value().ifPresent(value -> refuseRepeated(entry.member("name"), names, value));
        token.value().ifPresent(value -> value.ifPresentOrElse(
                secret -> refuseRepeated(entry.member("token"), secrets, secret),
                () -> Unset.warn(entry.member("token"), Kinds.TOKEN.allowed(), problems)));
        return () -> token.get().map(secret -> new TokenConfig(name.get(), role.get(), secret));
    }

    private <T> void refuseRepeated(Spot spot, Map<T, Place> taken, T value) {
        Place before = taken.putIfAbsent(value, spot.place());
        if (before != null) {
            problems.error(spot, "the same as in " + before, "another one in each entry");
        }
    }
}
