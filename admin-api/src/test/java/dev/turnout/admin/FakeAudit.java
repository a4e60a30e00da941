package dev.turnout.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An audit log in memory, whose disk can be made to fail. */
public final class FakeAudit implements AuditTrail {
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    private final List<Entry> entries = new ArrayList<>();
    private boolean broken;

    /** An operator moved a route to green's share of this many percent. */
    public synchronized void splits(String route, int percent) {
        long version = entries.size() + 2L;
        entries.addFirst(new Entry(version, START.plusSeconds(version), "ops", "split", Optional.of(route),
                Optional.empty(), Optional.of("canary"), "5%", percent + "%"));
    }

    /** From now on nothing can be read. */
    public synchronized void breakTheDisk() {
        broken = true;
    }

    @Override
    public synchronized List<Entry> newest(int limit, Optional<String> route) throws IOException {
        if (broken) {
            throw new IOException("/var/lib/turnout/audit.log: input/output error");
        }
        return entries.stream()
                .filter(entry -> route.isEmpty() || route.equals(entry.route()))
                .limit(limit)
                .toList();
    }
}
