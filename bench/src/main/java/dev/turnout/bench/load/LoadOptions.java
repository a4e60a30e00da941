package dev.turnout.bench.load;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of every load that say how often and for how long; to be mixed into a command. */
public final class LoadOptions {
    // @formatter:off
    @Option(names = "--rate", required = true, paramLabel = "N", converter = Rate.Converter.class,
            description = "How many per second, or max: as many as are answered (closed loop).")
    private Rate rate;
    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "30s", converter = TimeConverter.class,
            description = "How long to measure. Default: ${DEFAULT-VALUE}")
    private Duration duration;
    @Option(names = "--warmup", paramLabel = "TIME", defaultValue = "0s", converter = TimeConverter.class,
            description = "Load before that, at the same rate, not counted. Default: ${DEFAULT-VALUE}")
    private Duration warmup;
    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", converter = TimeConverter.class,
            description = "How long an answer may take. Default: ${DEFAULT-VALUE}")
    private Duration timeout;
    // @formatter:on

    /** An IllegalArgumentException names the option that makes no sense. */
    public Pace pace() {
        return new Pace(rate, warmup, duration, timeout);
    }
}
