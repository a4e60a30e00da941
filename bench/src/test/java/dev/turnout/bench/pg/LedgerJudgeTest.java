package dev.turnout.bench.pg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bench.report.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finds what was planted, in what two clients wrote. */
class LedgerJudgeTest {
    private static final int WRITES = 10;
    /** The one of each client whose answer never came. */
    private static final int UNKNOWN = 4;

    private final List<LedgerAccount> accounts = List.of(new LedgerAccount(0), new LedgerAccount(1));
    private final List<int[]> table = new ArrayList<>();

    @BeforeEach
    void twoClientsWriteInTurn() {
        for (int i = 0; i < WRITES; i++) {
            for (LedgerAccount account : accounts) {
                int counter = account.attempt();
                if (counter != UNKNOWN) {
                    account.acknowledge(counter);
                    table.add(new int[]{account.client(), counter});
                }
            }
        }
    }

    private Report.Ledger verdict() {
        LedgerJudge judge = new LedgerJudge(accounts);
        table.forEach(row -> judge.row(row[0], row[1], LedgerAccount.amount(row[0], row[1])));
        return judge.verdict();
    }

    @Test
    void isIntactWhenEveryAcknowledgedWriteIsThereOnceAndInOrder() {
        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 0, 0, 0, 0, 0, 0));
        assertThat(verdict().intact()).isTrue();
    }

    @Test
    void aWriteThatNobodyConfirmedMayBeThereOnceWhereverItStands() {
        table.add(new int[]{0, UNKNOWN});

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 1, 0, 0, 0, 0, 0, 0));
        assertThat(verdict().intact()).isTrue();
    }

    @Test
    void aWriteThatNobodyConfirmedMustNotBeThereTwice() {
        table.add(new int[]{0, UNKNOWN});
        table.add(new int[]{0, UNKNOWN});

        assertThat(verdict().duplicated()).isEqualTo(1);
        assertThat(verdict().intact()).isFalse();
    }

    @Test
    void findsALoss() {
        table.remove(5);
        table.removeLast();

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 2, 0, 0, 0, 0, 0));
        assertThat(verdict().intact()).isFalse();
    }

    @Test
    void findsADuplicate() {
        table.add(7, table.get(6));

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 0, 1, 0, 0, 0, 0));
        assertThat(verdict().intact()).isFalse();
    }

    @Test
    void findsWritesThatChangedPlaces() {
        Collections.swap(table, 2, 4);

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 0, 0, 1, 0, 0, 0));
        assertThat(verdict().intact()).isFalse();
    }

    @Test
    void theOrderOfDifferentClientsIsNotPromised() {
        Collections.swap(table, 2, 3);

        assertThat(verdict().intact()).isTrue();
    }

    @Test
    void findsRowsThatNobodyWrote() {
        table.add(new int[]{0, WRITES});
        table.add(new int[]{1, -1});
        table.add(new int[]{2, 0});

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 0, 0, 0, 3, 0, 0));
        assertThat(verdict().intact()).isFalse();
    }

    @Test
    void aRowWithAnotherAmountIsALossAndARowThatNobodyWrote() {
        LedgerJudge judge = new LedgerJudge(accounts);
        table.removeFirst();
        table.forEach(row -> judge.row(row[0], row[1], LedgerAccount.amount(row[0], row[1])));
        judge.row(0, 0, LedgerAccount.amount(0, 0) + 1);

        assertThat(judge.verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 1, 0, 0, 1, 0, 0));
    }

    @Test
    void countsReadsThatMissedTheLastWrite() {
        accounts.getFirst().readBack(WRITES - 2);
        accounts.getFirst().readBack(WRITES - 1);
        accounts.getLast().readBack(-1);

        assertThat(verdict()).isEqualTo(new Report.Ledger(18, 2, 0, 0, 0, 0, 0, 3, 2));
        assertThat(verdict().intact()).as("the rows are there").isTrue();
    }
}
