package dev.turnout.proxy.control;

import dev.turnout.admin.ChangeContext;
import dev.turnout.config.RouteConfig;
import dev.turnout.proxy.journal.Journal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of what is in effect: a change is journalled, then published, then told. Reads take no lock; writes
 * come one at a time.
 */
final class IntentWriter {
    private static final Logger log = LoggerFactory.getLogger(IntentWriter.class);
    /** Beyond it the journal is rewritten to what still counts; twice as far, when that fails. */
    private static final long COMPACT_BYTES = 1 << 20;

    private final Journal journal;
    private final Audit audit;
    private final Events events;
    private final InstantSource clock;
    private final Idempotency idempotency = new Idempotency();
    /** When the journal was moved away the audit still knows the numbers that are taken. */
    private final long audited;
    private long compactAtBytes = COMPACT_BYTES;
    private @Nullable IOException auditBroken;
    private volatile Intent intent;

    /**
     * Takes over what the journal holds, and adds to the audit what a crash kept from it. Throws IOException, with the place, for a
     * record that this version did not write.
     */
    IntentWriter(List<RouteConfig> file, Journal journal, Audit audit, Events events, InstantSource clock)
            throws IOException {
        this.journal = journal;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
        audited = audit.lastVersion();
        intent = replay(Intent.of(file));
    }

    private Intent replay(Intent fromFile) throws IOException {
        Intent replayed = fromFile;
        int number = 0;
        for (String line : journal.replayed()) {
            number++;
            try {
                RuntimeChange change = ChangeRecord.read(line);
                Intent before = replayed;
                replayed = before.with(change);
                idempotency.add(change);
                if (change.version() > audited && !(change instanceof Repetition)) {
                    audit.add(Described.of(change, before, replayed), change.stamp());
                }
            } catch (IllegalArgumentException e) {
                throw new IOException(journal.file() + ": record " + number + ": " + e.getMessage()
                        + "; start the version of Turnout that wrote it, or move the file away to start from the"
                        + " configuration", e);
            }
        }
        return replayed;
    }

    Intent intent() {
        return intent;
    }

    Idempotency idempotency() {
        return idempotency;
    }

    /** For the next change. */
    Stamp stamp(ChangeContext context) {
        return Stamp.of(context, Math.max(intent.snapshot().version(), audited) + 1, clock.instant());
    }

    /** Makes the change durable, then effective. Throws IOException when it could not be made durable: nothing happened. */
    void publish(RuntimeChange change) throws IOException {
        Intent before = publish(change, now -> now.with(change));
        Described described = Described.of(change, before, intent);
        String sentence = described.sentence(change.stamp());
        log.info("{} changed version={} {}", described.action(), change.version(), sentence);
        events.add(described.action(), described.route(), Optional.of(change.stamp().actor()), sentence);
        audit(described, change.stamp());
        compactIfLarge();
    }

    /**
     * As {@link #publish(RuntimeChange)}, for a change of the file, which comes with it.
     *
     * @param sentences what it changes
     */
    void publish(List<RouteConfig> file, FileChange change, List<String> sentences) throws IOException {
        publish(change, before -> before.with(file, change));
        audit(Described.file(sentences), change.stamp());
        compactIfLarge();
    }

    /** Returns what was in effect before. */
    private Intent publish(RuntimeChange change, UnaryOperator<Intent> next) throws IOException {
        refuseIfAuditBroken();
        journal.append(ChangeRecord.write(change));
        Intent before = intent;
        intent = next.apply(before);
        idempotency.add(change);
        return before;
    }

    private void refuseIfAuditBroken() throws IOException {
        if (auditBroken != null) {
            throw new IOException("audit: refused since an earlier entry could not be written ("
                    + auditBroken.getMessage() + "); restart to go on", auditBroken);
        }
    }

    private void audit(Described described, Stamp stamp) {
        try {
            audit.add(described, stamp);
        } catch (IOException e) {
            // The change is in effect and in the journal: the next start adds what is missing here.
            auditBroken = e;
            log.error("audit entry not written version={}; changes are refused until a restart: {}",
                    stamp.version(), e.getMessage());
        }
    }

    /** Remembers a request that had nothing to change. Throws IOException as {@link #publish(RuntimeChange)} does. */
    void remember(ChangeContext context) throws IOException {
        if (context.key().isPresent()) {
            refuseIfAuditBroken();
            Repetition done = new Repetition(
                    Stamp.of(context, intent.snapshot().version(), clock.instant()));
            journal.append(ChangeRecord.write(done));
            idempotency.add(done);
            compactIfLarge();
        }
    }

    /**
     * The change is durable by now. A failure to compact costs space; or, when the new journal may not last, the journal refuses
     * every later change until a restart.
     */
    private void compactIfLarge() {
        if (journal.size() < compactAtBytes) {
            return;
        }
        try {
            journal.rewrite(records().stream().map(ChangeRecord::write).toList());
            compactAtBytes = Math.max(COMPACT_BYTES, 2 * journal.size());
        } catch (IOException e) {
            compactAtBytes = 2 * journal.size();
            log.error("journal not compacted bytes={}: {}", journal.size(), e.getMessage());
        }
    }

    /** What still counts, and the keys of what does not: those must not make it count again. */
    private List<RuntimeChange> records() {
        Set<RuntimeChange> counting = new LinkedHashSet<>(intent.changes());
        Stream<RuntimeChange> keys = idempotency.kept(clock.instant())
                .stream()
                .filter(change -> !counting.contains(change))
                .map(change -> new Repetition(change.stamp()));
        return Stream.concat(counting.stream(), keys)
                .sorted(Comparator.comparingLong(RuntimeChange::version))
                .toList();
    }
}
