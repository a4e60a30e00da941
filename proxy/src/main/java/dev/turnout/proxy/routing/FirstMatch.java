package dev.turnout.proxy.routing;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the first of many conditions that a request meets, at a cost that follows the facts that are looked at, not the
 * number of conditions: each fact is read at most once, and only when a condition that is still possible asks for it.
 * Its number then strikes out, 64 at a time, all conditions that it does not meet. Immutable.
 */
final class FirstMatch {
    static final int NONE = -1;

    private final List<Condition> conditions;
    private final Lookup[] lookups;
    /** By condition: its lookups, the cheapest first. */
    private final int[][] asked;
    private final int words;

    /** One fact, and which conditions each of its numbers leaves possible. */
    private static final class Lookup {
        private final Fact.Kind kind;
        private final byte[] name;
        private final Keys keys;
        /** By number; a row has one bit for each condition. */
        private final long[][] rows;

        Lookup(Fact fact, Keys keys, long[][] rows) {
            this.kind = fact.kind();
            this.name = fact.nameBytes();
            this.keys = keys;
            this.rows = rows;
        }

        int read(RequestFacts facts, byte[] scratch) {
            int length = Fact.read(kind, name, facts, scratch, 0);
            return length < 0 ? Keys.NONE : keys.number(scratch, length);
        }
    }

    FirstMatch(List<Condition> conditions) {
        this.conditions = conditions;
        words = (conditions.size() + Long.SIZE - 1) / Long.SIZE;
        Map<Fact, List<byte[]>> keys = new LinkedHashMap<>();
        for (Condition condition : conditions) {
            condition.asked().forEach((fact, some) -> keys.computeIfAbsent(fact, _ -> new ArrayList<>())
                    .addAll(some));
        }
        lookups = keys.entrySet().stream().map(entry -> lookup(entry.getKey(), entry.getValue()))
                .toArray(Lookup[]::new);
        Map<Fact, Integer> places = new HashMap<>();
        keys.keySet().forEach(fact -> places.put(fact, places.size()));
        asked = conditions.stream()
                .map(condition -> condition.asked().keySet().stream().mapToInt(places::get).toArray())
                .toArray(int[][]::new);
    }

    private Lookup lookup(Fact fact, List<byte[]> some) {
        Keys keys = Keys.of(fact.kind(), some);
        long[] indifferent = new long[words];
        Map<Integer, List<Integer>> wanting = new HashMap<>();
        for (int i = 0; i < conditions.size(); i++) {
            List<byte[]> wanted = conditions.get(i).asked().get(fact);
            if (wanted == null) {
                set(indifferent, i);
            } else {
                for (byte[] key : wanted) {
                    wanting.computeIfAbsent(keys.numberOf(key), _ -> new ArrayList<>()).add(i);
                }
            }
        }
        long[][] rows = new long[keys.size() + 1][];
        rows[Keys.NONE] = indifferent;
        // A condition may have a thousand keys; as long as it alone wants them, they share a row.
        Map<LongBuffer, long[]> known = new HashMap<>();
        for (int number = 1; number < rows.length; number++) {
            // Numbers rise from the wide to the narrow: what fits this key fits the one around it, too.
            long[] row = rows[keys.wider(number)].clone();
            wanting.getOrDefault(number, List.of()).forEach(condition -> set(row, condition));
            rows[number] = known.computeIfAbsent(LongBuffer.wrap(row), _ -> row);
        }
        return new Lookup(fact, keys, rows);
    }

    private static void set(long[] row, int condition) {
        row[condition / Long.SIZE] |= 1L << condition;
    }

    /** The first condition that is met, from 0, or {@link #NONE}. */
    int find(RequestFacts facts, Scratch scratch) {
        if (words == 0) {
            return NONE;
        }
        int[] numbers = scratch.numbers(lookups.length);
        for (int word = 0; word < words; word++) {
            int found = find(facts, scratch.bytes, numbers, word);
            if (found != NONE) {
                return found;
            }
        }
        return NONE;
    }

    private int find(RequestFacts facts, byte[] scratch, int[] numbers, int word) {
        int first = word * Long.SIZE;
        int more = conditions.size() - first;
        long possible = more >= Long.SIZE ? -1L : (1L << more) - 1;
        while (possible != 0) {
            int bit = Long.numberOfTrailingZeros(possible);
            for (int place : asked[first + bit]) {
                if (((possible >>> bit) & 1) != 0) {
                    possible &= row(place, facts, scratch, numbers, word);
                }
            }
            if (((possible >>> bit) & 1) != 0) {
                return first + bit;
            }
        }
        return NONE;
    }

    private long row(int place, RequestFacts facts, byte[] scratch, int[] numbers, int word) {
        Lookup lookup = lookups[place];
        int number = numbers[place];
        if (number == Scratch.UNREAD) {
            number = lookup.read(facts, scratch);
            numbers[place] = number;
        }
        return lookup.rows[number][word];
    }
}
