package dev.turnout.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader must know before believing the figures, in sentences. */
final class Remarks {
    private Remarks() {}

    static List<String> of(Report report) {
        List<String> remarks = new ArrayList<>();
        if (report.interrupted()) {
            remarks.add(
                    String.format(Locale.ROOT, "Interrupted after %.1f s: these are the figures until then.",
                            report.durationSeconds()));
        }
        long unfinished = report.failures().getOrDefault("unfinished", 0L);
        if (unfinished > 0) {
            remarks.add(unfinished
                    + " " + report.unit()
                    + " were due and had no answer when the run ended; their waiting until"
                    + " then is in the corrected latency, and was longer in truth.");
        }
        if (report.rate().asked() == null) {
            remarks.add("Closed loop: a target that stalls is asked less, so that stalls hardly show in the"
                    + " latencies.");
        }
        if (report.ledger() != null) {
            remarks.add(ledger(report.ledger()));
        }
        remarks.add(generator(report));
        return List.copyOf(remarks);
    }

    private static String ledger(Report.Ledger ledger) {
        String stale = ledger.staleReads() == 0
                ? ""
                : " " + ledger.staleReads() + " of " + ledger.readBacks()
                        + " reads did not find the client's own last write.";
        return (ledger.intact()
                ? "The ledger is intact: each of " + ledger.acknowledged()
                        + " acknowledged writes is there once, in order."
                : "THE LEDGER IS BROKEN: of " + ledger.acknowledged() + " acknowledged writes "
                        + ledger.lost() + " are lost, " + ledger.duplicated() + " rows are there twice, "
                        + ledger.reordered() + " out of order, " + ledger.unexpected()
                        + " were written by nobody.")
                + stale;
    }

    private static String generator(Report report) {
        Report.Generator generator = report.generator();
        String busy = String.format(Locale.ROOT, "busy %.1f %% of a core%s", generator.cpuPercent(),
                generator.cores() == 1 ? "" : " of " + generator.cores());
        String lag = String.format(Locale.ROOT,
                "its timer at most %.3f ms late, %d of %d %s more than 1 ms, ",
                generator.maxLagMillis(), generator.lateRequests(), report.requests(), report.unit());
        String facts = report.rate().asked() == null ? busy : lag + busy;
        return generator.limit()
                ? "The load generator itself was a limit, so these figures are not only the target's: "
                        + facts + "."
                : "The load generator kept up: " + facts + ".";
    }
}
