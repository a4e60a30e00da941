package dev.turnout.proxy.routing;

import java.util.Comparator;
import java.util.List;

/**
 * What a configuration asks of one fact, numbered so that a value becomes one number: that of the narrowest key that it
 * fits. Keys of one kind lie within each other or apart, so the number says about all of them whether the value fits.
 * Immutable.
 */
abstract sealed class Keys {
    /** No key fits. */
    static final int NONE = 0;

    final ByteTable table;
    private final int[] wider;

    private Keys(int capacity) {
        table = new ByteTable(capacity);
        wider = new int[capacity + 1];
    }

    /** @param keys as {@link Condition} makes them */
    static Keys of(Fact.Kind kind, List<byte[]> keys) {
        Keys made = switch (kind) {
            case PATH -> new Prefixes(keys.size());
            case HOST -> new Hosts(keys.size());
            case CLIENT -> new Ranges(keys);
            case METHOD, STARTUP, HEADER, COOKIE, QUERY -> new Values(keys.size());
        };
        // The wider ones first: a key is then within the one that it fits so far.
        keys.stream().sorted(Comparator.<byte[]>comparingInt(key -> key.length).thenComparingInt(Keys::last))
                .forEach(made::add);
        return made;
    }

    private static int last(byte[] key) {
        return key.length == 0 ? 0 : key[key.length - 1] & 0xFF;
    }

    private void add(byte[] key) {
        if (numberOf(key) == NONE) {
            int around = number(key.clone(), valueLength(key));
            wider[table.add(key, hash(key))] = around;
        }
    }

    /** The number of a key itself. */
    final int numberOf(byte[] key) {
        return table.find(hash(key), key, 0, key.length);
    }

    /** The narrowest of the keys around this one. */
    final int wider(int number) {
        return wider[number];
    }

    final int size() {
        return table.size();
    }

    int hash(byte[] key) {
        return forward(key, key.length);
    }

    /** How much of a key is as a value has it. */
    int valueLength(byte[] key) {
        return key.length;
    }

    private static int forward(byte[] bytes, int length) {
        int hash = ByteTable.EMPTY_HASH;
        for (int i = 0; i < length; i++) {
            hash = ByteTable.hash(hash, bytes[i]);
        }
        return hash;
    }

    /** The narrowest key that a value at the beginning of {@code bytes} fits; may overwrite it. */
    abstract int number(byte[] bytes, int length);

    /** Whole values. */
    private static final class Values extends Keys {
        Values(int capacity) {
            super(capacity);
        }

        @Override
        int number(byte[] bytes, int length) {
            return length > table.longest() ? NONE : table.find(forward(bytes, length), bytes, 0, length);
        }
    }

    /** Whole segments at the beginning of a path; a key has no slash at its end. */
    private static final class Prefixes extends Keys {
        Prefixes(int capacity) {
            super(capacity);
        }

        @Override
        int number(byte[] bytes, int length) {
            int narrowest = NONE;
            int hash = ByteTable.EMPTY_HASH;
            int last = Math.min(length, table.longest());
            for (int i = 0; i <= last; i++) {
                if (i == length || bytes[i] == '/') {
                    int found = table.find(hash, bytes, 0, i);
                    narrowest = found == NONE ? narrowest : found;
                }
                if (i < last) {
                    hash = ByteTable.hash(hash, bytes[i]);
                }
            }
            return narrowest;
        }
    }

    /** Names of hosts, and with a dot before it the end that names below a domain have. */
    private static final class Hosts extends Keys {
        Hosts(int capacity) {
            super(capacity);
        }

        @Override
        int hash(byte[] key) {
            int hash = ByteTable.EMPTY_HASH;
            for (int i = key.length - 1; i >= 0; i--) {
                hash = ByteTable.hash(hash, key[i]);
            }
            return hash;
        }

        @Override
        int number(byte[] bytes, int length) {
            int narrowest = NONE;
            int hash = ByteTable.EMPTY_HASH;
            int first = Math.max(0, length - table.longest());
            for (int i = length - 1; i >= first; i--) {
                hash = ByteTable.hash(hash, bytes[i]);
                // An end needs something before it, and a name does not begin with a dot.
                if (i == 0 != (bytes[i] == '.')) {
                    int found = table.find(hash, bytes, i, length);
                    narrowest = found == NONE ? narrowest : found;
                }
            }
            return narrowest;
        }
    }

    /** Ranges of addresses: the first address, and behind it one byte, how many of its bits count. */
    private static final class Ranges extends Keys {
        /** The lengths of prefixes in use, the longest first, by family. */
        private final int[] ipv4;
        private final int[] ipv6;

        Ranges(List<byte[]> keys) {
            super(keys.size());
            ipv4 = prefixes(keys, AddressText.IPV4_BYTES);
            ipv6 = prefixes(keys, AddressText.IPV6_BYTES);
        }

        private static int[] prefixes(List<byte[]> keys, int addressBytes) {
            return keys.stream().filter(key -> key.length == addressBytes + 1).mapToInt(Keys::last).distinct()
                    .map(bits -> -bits).sorted().map(bits -> -bits).toArray();
        }

        @Override
        int valueLength(byte[] key) {
            return key.length - 1;
        }

        @Override
        int number(byte[] bytes, int length) {
            for (int prefix : length == AddressText.IPV6_BYTES ? ipv6 : ipv4) {
                mask(bytes, length, prefix);
                bytes[length] = (byte) prefix;
                int found = table.find(forward(bytes, length + 1), bytes, 0, length + 1);
                if (found != NONE) {
                    return found;
                }
            }
            return NONE;
        }

        private static void mask(byte[] bytes, int length, int prefix) {
            int at = prefix / Byte.SIZE;
            if (at < length) {
                bytes[at] &= (byte) (0xFF << (Byte.SIZE - prefix % Byte.SIZE));
            }
            for (int i = at + 1; i < length; i++) {
                bytes[i] = 0;
            }
        }
    }
}
