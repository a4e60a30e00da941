package dev.turnout.bench.pg;

import dev.turnout.bench.report.Report;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Holds what is there against what was acknowledged: that must be there exactly once, and each client's in its order;
 * what was not acknowledged may be there once or not at all, wherever it stands. Pure. One thread.
 */
final class LedgerJudge {
    private final List<LedgerAccount> accounts;
    /** By client: which counters were seen. */
    private final List<BitSet> seen = new ArrayList<>();
    /** By client: the highest acknowledged counter that was seen. */
    private final int[] highest;
    private long duplicated;
    private long reordered;
    private long unexpected;

    /** @param accounts by the number of their client, from 0; they change no more */
    LedgerJudge(List<LedgerAccount> accounts) {
        this.accounts = List.copyOf(accounts);
        this.highest = new int[accounts.size()];
        for (int client = 0; client < highest.length; client++) {
            seen.add(new BitSet());
            highest[client] = -1;
        }
    }

    /** The next row, in the order in which the rows were written. */
    void row(int client, int counter, long amount) {
        if (client < 0 || client >= highest.length || !accounts.get(client).attempted(counter)
                || amount != LedgerAccount.amount(client, counter)) {
            unexpected++;
        } else if (seen.get(client).get(counter)) {
            duplicated++;
        } else {
            seen.get(client).set(counter);
            if (accounts.get(client).acknowledged(counter)) {
                reordered += counter < highest[client] ? 1 : 0;
                highest[client] = Math.max(highest[client], counter);
            }
        }
    }

    /** After the last row. */
    Report.Ledger verdict() {
        long attempted = 0;
        long acknowledged = 0;
        long acknowledgedThere = 0;
        long there = 0;
        long readBacks = 0;
        long staleReads = 0;
        for (LedgerAccount account : accounts) {
            BitSet found = seen.get(account.client());
            attempted += account.attempts();
            acknowledged += account.acknowledgements();
            there += found.cardinality();
            acknowledgedThere += found.stream().filter(account::acknowledged).count();
            readBacks += account.readBacks();
            staleReads += account.staleReads();
        }
        return new Report.Ledger(acknowledged, attempted - acknowledged, there - acknowledgedThere,
                acknowledged - acknowledgedThere, duplicated, reordered, unexpected, readBacks, staleReads);
    }
}
