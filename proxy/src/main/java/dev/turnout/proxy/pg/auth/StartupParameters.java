package dev.turnout.proxy.pg.auth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The parameters of a startup packet, in order, and the settings in its {@code options}. Immutable, any thread. Names of
 * settings are compared without letter case, as PostgreSQL does; {@code user}, {@code database}, {@code options} and
 * {@code replication} are no settings and only found in small letters.
 */
public final class StartupParameters {
    /** What the connection is for, as PostgreSQL reads the parameter {@code replication}. */
    public enum Replication {
        /** An ordinary session; also where the value is none that PostgreSQL takes, which it will say. */
        NONE,
        /** {@code replication=true}: streaming of the whole cluster. */
        PHYSICAL,
        /** {@code replication=database}: logical decoding, and SQL as well. */
        DATABASE
    }

    private static final String USER = "user";
    private static final String DATABASE = "database";
    private static final String OPTIONS = "options";
    private static final String REPLICATION = "replication";
    private static final Set<String> NO_SETTINGS = Set.of(USER, DATABASE, OPTIONS, REPLICATION);
    private static final String OURS = "turnout.";

    private final SequencedMap<String, String> parameters;
    private final List<Options.Setting> settings;

    private StartupParameters(SequencedMap<String, String> parameters) {
        this.parameters = Collections.unmodifiableSequencedMap(parameters);
        settings = List.copyOf(Options.settings(parameters.getOrDefault(OPTIONS, "")));
    }

    public static StartupParameters of(SequencedMap<String, String> parameters) {
        return new StartupParameters(new LinkedHashMap<>(parameters));
    }

    /** As they go into a startup packet. */
    public SequencedMap<String, String> parameters() {
        return parameters;
    }

    /** Empty when the packet names none, which PostgreSQL refuses with 28000. */
    public String user() {
        return parameters.getOrDefault(USER, "");
    }

    /** The user's name when the packet names none. */
    public String database() {
        String database = parameters.getOrDefault(DATABASE, "");
        return database.isEmpty() ? user() : database;
    }

    public Optional<String> application() {
        return find("application_name");
    }

    public Replication replication() {
        String value = parameters.getOrDefault(REPLICATION, "");
        if (value.equals("database")) {
            return Replication.DATABASE;
        }
        return isTrue(value) ? Replication.PHYSICAL : Replication.NONE;
    }

    /** As parse_bool of PostgreSQL: any beginning of true and yes will do. */
    private static boolean isTrue(String value) {
        String lower = Options.lowerCase(value);
        return (!lower.isEmpty() && ("true".startsWith(lower) || "yes".startsWith(lower)))
                || lower.equals("on")
                || lower.equals("1");
    }

    /**
     * The value that the server will have for this name: parameters come after {@code options}, and of several the last
     * one counts.
     *
     * @param name in small letters
     */
    public Optional<String> find(String name) {
        if (name.equals(DATABASE)) {
            return Optional.of(database());
        }
        if (NO_SETTINGS.contains(name)) {
            return Optional.ofNullable(parameters.get(name));
        }
        Optional<String> parameter = parameters.sequencedEntrySet()
                .reversed()
                .stream()
                .filter(entry -> isSetting(entry, name::equals))
                .map(Map.Entry::getValue)
                .findFirst();
        return parameter.or(() -> settings.reversed()
                .stream()
                .filter(setting -> setting.name().equals(name))
                .map(Options.Setting::value)
                .findFirst());
    }

    private static boolean isSetting(Map.Entry<String, String> entry, Predicate<String> names) {
        return !NO_SETTINGS.contains(entry.getKey()) && names.test(Options.lowerCase(entry.getKey()));
    }

    /** The same packet without {@code turnout.*}, which is meant for us. */
    public StartupParameters withoutTurnout() {
        return new StartupParameters(without(name -> name.startsWith(OURS)));
    }

    /** The same packet with this value for this name, whatever stood there and in {@code options}. */
    public StartupParameters with(String name, String value) {
        if (NO_SETTINGS.contains(name)) {
            SequencedMap<String, String> copy = new LinkedHashMap<>(parameters);
            copy.put(name, value);
            return new StartupParameters(copy);
        }
        SequencedMap<String, String> rest = without(Options.lowerCase(name)::equals);
        rest.put(name, value);
        return new StartupParameters(rest);
    }

    private SequencedMap<String, String> without(Predicate<String> names) {
        SequencedMap<String, String> rest = new LinkedHashMap<>(parameters);
        rest.entrySet().removeIf(entry -> isSetting(entry, names));
        if (settings.stream().map(Options.Setting::name).anyMatch(names)) {
            String options = Options.without(parameters.getOrDefault(OPTIONS, ""), names);
            if (options.isBlank()) {
                rest.remove(OPTIONS);
            } else {
                rest.put(OPTIONS, options);
            }
        }
        return rest;
    }

    /** Names only. */
    @Override
    public String toString() {
        return "StartupParameters" + parameters.keySet();
    }
}
