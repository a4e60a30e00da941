package dev.turnout.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The users of one route, from wherever they come; no name twice. */
final class UserList {
    private final Problems problems;
    private final Map<String, Place> places = new HashMap<>();
    private final List<Supplier<PostgresAuth.User>> users = new ArrayList<>();

    UserList(Problems problems) {
        this.problems = problems;
    }

    /** Adds one whose name and secret can be taken when there was no problem. */
    void add(Place place, String path, Read<String> name, Supplier<Secret> secret) {
        name.value().map(value -> places.putIfAbsent(value, place))
                .ifPresent(before -> problems.error(place, path, "the same name as in " + before,
                        "each name once"));
        users.add(() -> new PostgresAuth.User(name.get(), secret.get()));
    }

    List<PostgresAuth.User> get() {
        return users.stream().map(Supplier::get).toList();
    }
}
