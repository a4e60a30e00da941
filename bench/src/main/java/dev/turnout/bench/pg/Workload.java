package dev.turnout.bench.pg;

import dev.turnout.bench.load.Options;
import picocli.CommandLine.ITypeConverter;

/** What a transaction is. */
enum Workload {
    /** One select by key, as {@code pgbench -S}. */
    SELECT,
    /** The default transaction of pgbench. */
    TPCB,
    /** Writes that are counted, and looked for at the end. */
    LEDGER;

    /** Reads the name of one. */
    static final class Converter implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String text) {
            return Options.named(Workload.class, text);
        }
    }
}
