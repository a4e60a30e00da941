package dev.turnout.proxy.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Random pipelines of PostgreSQL messages. What a message returns, or the error that it ends with, nearly always holds a
 * marker, {@code m} and a number, so that each reply can be told from all others. Every pipeline ends outside of COPY and
 * with a Sync or a Query; the session may be left in a transaction.
 */
public final class Pipelines {
    /** What {@link #setUp} makes, each for its session alone. */
    private static final String INSERT_WITHOUT_PARENT = "INSERT INTO pg_temp.child VALUES (77)";
    private static final int TEXT_OID = 25;
    /** {@code pg_catalog.lower(text)}. */
    private static final int LOWER_OID = 870;

    /** What is done next. */
    public sealed interface Step {}

    /**
     * A message to send.
     *
     * @param number different for each
     * @param marker those that may stand in the replies to it, with spaces between them
     * @param amidCopy sent while the server reads CopyData, if all went well
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Send(byte type, byte[] body, int number, String marker, boolean amidCopy) implements Step {
        @Override
        public String toString() {
            return number + " " + (char) type + " " + marker + (amidCopy ? " amid COPY " : " ")
                    + new String(body, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
        }
    }

    /** A moment to hear what has come. */
    public enum Pause implements Step {
        /** What is there already. */
        POLL,
        /** Until nothing is owed. */
        SETTLE,
        /** Until the COPY that was asked for has begun, or will not. */
        COPY
    }

    /** A request to cancel what runs, on a connection of its own. */
    public record Cancel() implements Step {}

    private final SplittableRandom random;
    /** With requests to cancel, and with COPYs of which nobody can tell how they ended. */
    private final boolean untidy;
    private int number;
    private List<Step> steps = new ArrayList<>();
    /** Statements with a parameter, of the protocol. */
    private final List<String> statements = new ArrayList<>();
    private final List<String> statementMarkers = new ArrayList<>();
    private final List<String> portals = new ArrayList<>();
    private final List<String> portalMarkers = new ArrayList<>();
    private boolean copying;

    /** @param untidy false: what is answered does not depend on time */
    public Pipelines(long seed, boolean untidy) {
        random = new SplittableRandom(seed);
        this.untidy = untidy;
    }

    /** What a session needs, once. */
    public static List<String> setUp() {
        return List.of("SET synchronous_commit = off",
                "CREATE TEMP TABLE parent (id int PRIMARY KEY)",
                "CREATE TEMP TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
                "CREATE TEMP TABLE loaded (id int, word text)", "LISTEN heard");
    }

    /** What brings a session back to where it was after {@link #setUp}. */
    public static List<String> tearDown() {
        return List.of("ROLLBACK", "DEALLOCATE ALL", "CLOSE ALL", "DELETE FROM loaded");
    }

    /** The next one. */
    public List<Step> next() {
        steps = new ArrayList<>();
        statements.clear();
        statementMarkers.clear();
        portals.clear();
        portalMarkers.clear();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            switch (random.nextInt(9)) {
                case 0, 1 -> query();
                case 2, 3, 4 -> batch();
                case 5 -> copyInQuery();
                case 6 -> copyInExecute();
                case 7 -> functionCall();
                default -> stray();
            }
            if (untidy && random.nextInt(12) == 0) {
                steps.add(new Cancel());
            }
            if (random.nextInt(3) == 0) {
                steps.add(Pause.SETTLE);
            }
        }
        return steps;
    }

    private String marker() {
        return "m" + number;
    }

    private void send(char type, String body, String marker) {
        steps.add(new Send((byte) type, Bytes.bytes(body), number++, marker, copying));
        if (random.nextInt(8) == 0) {
            steps.add(Pause.POLL);
        }
        if (untidy && random.nextInt(60) == 0) {
            steps.add(new Cancel());
        }
    }

    private String statement(String marker) {
        return switch (random.nextInt(18)) {
            case 0 -> "";
            case 1 -> "SELEC '" + marker + "'";
            case 2 -> "SELECT " + marker;
            case 3 -> "SELECT 1/0, '" + marker + "'";
            case 4 -> "SELECT '" + marker + "'::text::int";
            case 5 -> "BEGIN";
            case 6 -> "COMMIT";
            case 7 -> "ROLLBACK";
            case 8 -> INSERT_WITHOUT_PARENT;
            case 9 -> "DO $$ BEGIN RAISE NOTICE '" + marker + "'; END $$";
            case 10 -> "NOTIFY heard, 'word'";
            case 11 -> "SELECT pg_sleep(0.001), '" + marker + "'";
            case 12 -> "COPY (SELECT '" + marker + "' FROM generate_series(1, 3)) TO STDOUT";
            case 13 -> "SET application_name = 'a" + number % 3 + "'";
            case 14 -> "SELECT repeat('" + marker + " ', 500) FROM generate_series(1, 4)";
            default -> "SELECT '" + marker + "'";
        };
    }

    private void query() {
        String marker = marker();
        StringBuilder sql = new StringBuilder(statement(marker));
        for (int more = random.nextInt(6) - 2; more > 0; more--) {
            sql.append("; ").append(statement(marker));
        }
        send('Q', sql + "\0", marker);
    }

    /** Messages of the extended protocol up to a Sync, though perhaps with a Query in between. */
    private void batch() {
        for (int left = random.nextInt(9); left > 0; left--) {
            switch (random.nextInt(14)) {
                case 0, 1 -> parse();
                case 2, 3, 4, 5 -> all();
                case 6 -> bind();
                case 7 -> describe();
                case 8, 9 -> execute();
                case 10 -> close();
                case 11 -> send('H', "", marker());
                case 12 -> {
                    if (random.nextInt(3) == 0) {
                        query();
                    }
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        send(random.nextBoolean() ? 'c' : 'd', "", marker());
                    }
                }
            }
        }
        send('S', "", marker());
    }

    /** As drivers do. */
    private void all() {
        parse();
        bind();
        if (random.nextBoolean()) {
            describe();
        }
        execute();
    }

    private void parse() {
        String marker = marker();
        String sql = switch (random.nextInt(9)) {
            case 0 -> "SELEC '" + marker + "'";
            case 1 -> statement(marker);
            case 2 -> "SELECT $1::text::int";
            case 3, 4 -> "SELECT $1::text FROM generate_series(1, 3)";
            case 5 -> "COPY (SELECT '" + marker + "') TO STDOUT";
            default -> "SELECT $1::text";
        };
        // One without a name stays when it is to be replaced and is not; its marker would be that of another Parse.
        String name = random.nextInt(3) == 0 && !sql.contains(marker) && sql.contains("$1")
                ? ""
                : "s" + number;
        send('P', name + "\0" + sql + "\0\0\1\0\0\0" + (char) TEXT_OID, marker);
        statements.add(name);
        statementMarkers.add(marker);
    }

    private String knownStatement() {
        if (statements.isEmpty() || random.nextInt(12) == 0) {
            return "missing " + marker();
        }
        return statements.get(random.nextInt(Math.max(0, statements.size() - 3), statements.size()));
    }

    private void bind() {
        String value = marker();
        String portal = random.nextInt(3) == 0 ? "p" + number : "";
        String statement = knownStatement();
        int known = statements.lastIndexOf(statement);
        String markers = known < 0 ? value : value + " " + statementMarkers.get(known);
        int parameters = random.nextInt(8) == 0 ? 0 : 1;
        send('B', portal + "\0" + statement + "\0\0\0\0" + (char) parameters
                + (parameters == 0 ? "" : "\0\0\0" + (char) value.length() + value) + "\0\0", markers);
        portals.add(portal);
        portalMarkers.add(markers);
    }

    private void describe() {
        if (random.nextBoolean()) {
            send('D', "S" + knownStatement() + "\0", marker());
        } else {
            send('D', "P" + (portals.isEmpty() ? "" : portals.getLast()) + "\0", marker());
        }
    }

    private void execute() {
        if (portals.isEmpty()) {
            send('E', "missing " + marker() + "\0\0\0\0\0", marker());
            return;
        }
        int last = portals.size() - 1;
        int which = portals.get(last).isEmpty() ? last : random.nextInt(last + 1);
        // The unnamed one is whatever was bound last.
        which = portals.get(which).isEmpty() ? portals.lastIndexOf("") : which;
        char rows = (char) (random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0);
        send('E', portals.get(which) + "\0\0\0\0" + rows, portalMarkers.get(which));
    }

    private void close() {
        if (random.nextBoolean()) {
            send('C', "S" + knownStatement() + "\0", marker());
        } else {
            send('C', "P" + (portals.isEmpty() ? "" : portals.getLast()) + "\0", marker());
        }
    }

    private void functionCall() {
        String marker = marker();
        int arguments = random.nextInt(4) == 0 ? 2 : 1;
        String argument = "\0\0\0" + (char) marker.length() + marker.toUpperCase(Locale.ROOT);
        send('F', "\0\0" + (char) (LOWER_OID >> 8) + (char) (LOWER_OID & 0xFF) + "\0\0\0" + (char) arguments
                + argument.repeat(arguments) + "\0\0", marker);
    }

    private static String copy(SplittableRandom random, String marker) {
        return switch (random.nextInt(6)) {
            case 0 -> "COPY missing_" + marker + " FROM STDIN";
            case 1 -> "COPY loaded FROM STDIN (FORMAT csv)";
            default -> "COPY loaded FROM STDIN";
        };
    }

    private void copyInQuery() {
        String marker = marker();
        boolean twice = random.nextInt(4) == 0;
        String sql = copy(random, marker);
        if (random.nextInt(4) == 0) {
            sql = statement(marker) + "; " + sql;
        }
        if (twice) {
            sql += "; " + copy(random, marker);
        }
        if (random.nextInt(4) == 0) {
            sql += "; " + statement(marker);
        }
        send('Q', sql + "\0", marker);
        copyData(marker);
        if (twice) {
            copyData(marker);
        }
    }

    private void copyInExecute() {
        String marker = marker();
        if (random.nextInt(3) == 0) {
            send('P', "first" + number + "\0SELECT 'none'\0\0\0", marker);
        }
        String statement = "copy" + number;
        send('P', statement + "\0" + copy(random, marker) + "\0\0\0", marker);
        send('B', statement + "\0" + statement + "\0\0\0\0\0\0\0", marker);
        send('E', statement + "\0\0\0\0\0", marker);
        copyData(marker);
        send('S', "", marker());
    }

    /** Rows in random pieces, and an end. */
    private void copyData(String marker) {
        copying = true;
        boolean failing = random.nextInt(4) == 0;
        boolean spoilt = random.nextInt(4) == 0;
        // Where the COPY fails, nobody can tell which Sync was swallowed.
        boolean syncs = random.nextInt(3) == 0 && untidy;
        if (random.nextBoolean()) {
            steps.add(Pause.COPY);
        }
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < random.nextInt(6); row++) {
            rows.append(row).append('\t').append(marker).append('\n');
        }
        if (spoilt) {
            rows.append(marker).append("\tword\n").append("8\tword\n".repeat(random.nextInt(4)));
        }
        int at = 0;
        while (at < rows.length()) {
            int next = Math.min(rows.length(), at + 1 + random.nextInt(20));
            send('d', rows.substring(at, next), marker);
            at = next;
            if (random.nextInt(6) == 0) {
                send('H', "", marker);
            }
            if (syncs && random.nextInt(3) == 0) {
                send('S', "", marker);
            }
        }
        send(failing ? 'f' : 'c', failing ? marker + "\0" : "", marker);
        copying = false;
    }

    /** What belongs to a COPY, outside of one; and more than one Sync. */
    private void stray() {
        switch (random.nextInt(4)) {
            case 0 -> send('d', "nothing\n", marker());
            case 1 -> send('c', "", marker());
            case 2 -> send('f', "no reason\0", marker());
            default -> send('H', "", marker());
        }
        send('S', "", marker());
    }
}
