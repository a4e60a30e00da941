package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of users as PgBouncer has it: {@code "user" "password or verifier"}, one on each line. A quote inside is
 * written twice; empty lines and those that begin with {@code ;} or {@code #} do not count.
 */
final class UsersFile {
    private static final int MAX_USERS = 100_000;
    private static final String LINE = "\"user\" \"password or verifier\", a quote inside written twice";
    private static final Pattern USER = Pattern
            .compile("\\s*\"((?:[^\"]|\"\")*+)\"\\s+\"((?:[^\"]|\"\")*+)\"\\s*");

    private final Spot key;
    private final String shown;
    private final Problems problems;
    private final UserList users;

    private UsersFile(Spot key, String shown, Problems problems, UserList users) {
        this.key = key;
        this.shown = shown;
        this.problems = problems;
        this.users = users;
    }

    /**
     * Adds the users of a file.
     *
     * @param key where the file is named
     * @param file as messages show it
     */
    static void read(Spot key, Path file, Problems problems, UserList users) {
        switch (SourceText.read(file)) {
            case SourceText.Unreadable(String found, int line) when line == 0 ->
                problems.error(key, found, SourceText.ALLOWED);
            case SourceText.Unreadable(String found, int line) -> {
                problems.opened(file.toString());
                problems.error(new Place(file.toString(), line), key.path(), found, SourceText.ALLOWED);
            }
            case SourceText.Text(String text) -> {
                problems.opened(file.toString());
                new UsersFile(key, file.toString(), problems, users).lines(text.lines().toList());
            }
        }
    }

    private void lines(List<String> lines) {
        int count = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String start = line.stripLeading();
            if (!start.isEmpty() && start.charAt(0) != ';' && start.charAt(0) != '#') {
                line(new Place(shown, i + 1), line);
                count++;
            }
        }
        if (count > MAX_USERS) {
            problems.error(key, count + " users in " + shown, "at most " + MAX_USERS);
        }
    }

    /** Nothing of a line is shown: what is broken may stand in a password. */
    private void line(Place place, String line) {
        Matcher parts = USER.matcher(line);
        if (!parts.matches()) {
            problems.error(place, key.path(), "a line that is not shown", LINE);
            return;
        }
        Read<String> name = part(place, "a name", parts.group(1), PostgresKinds.NAME);
        Read<Secret> secret = part(place, "a password", parts.group(2), PostgresKinds.PASSWORD);
        users.add(place, key.path(), name, secret::get);
    }

    private <T> Read<T> part(Place place, String what, String quoted, Kind<T> kind) {
        Optional<T> fitting = kind.fit(quoted.replace("\"\"", "\""));
        if (fitting.isEmpty()) {
            problems.error(place, key.path(), what + " that is not shown", kind.allowed());
        }
        return new Read<>(fitting.orElse(null));
    }
}
