package dev.turnout.bench.pg;

import java.util.BitSet;

/**
 * What one client remembers of its writes. Their counters are 0, 1, 2 and so on, each tried once. Confined to the
 * client's thread, and to the judge's afterwards.
 */
final class LedgerAccount {
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private final int client;
    private final BitSet acknowledged = new BitSet();
    private int attempted;
    private int lastAcknowledged = -1;
    private long readBacks;
    private long staleReads;

    LedgerAccount(int client) {
        this.client = client;
    }

    /** Of a write, so that a row that was damaged is known. */
    static long amount(int client, int counter) {
        return ((((long) client << Integer.SIZE) + counter) * MIXER) >>> 1;
    }

    int client() {
        return client;
    }

    /** A counter that was never used before. */
    int attempt() {
        return attempted++;
    }

    /** The server said that it has it. */
    void acknowledge(int counter) {
        acknowledged.set(counter);
        lastAcknowledged = counter;
    }

    /** @param newest the highest counter of this client that a read found; less than 0: none */
    void readBack(int newest) {
        readBacks++;
        staleReads += newest < lastAcknowledged ? 1 : 0;
    }

    boolean attempted(int counter) {
        return counter >= 0 && counter < attempted;
    }

    boolean acknowledged(int counter) {
        return acknowledged.get(counter);
    }

    int attempts() {
        return attempted;
    }

    int acknowledgements() {
        return acknowledged.cardinality();
    }

    long readBacks() {
        return readBacks;
    }

    long staleReads() {
        return staleReads;
    }
}
