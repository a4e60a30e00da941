package dev.turnout.bench.demo;

import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.io.IOException;
import java.time.Duration;

/** An operator to whom everything happens as to another one, but for what a test overrides. */
class AlteredOperator implements Operator {
    private final Operator real;

    AlteredOperator(Operator real) {
        this.real = real;
    }

    @Override
    public String way() {
        return real.way();
    }

    @Override
    public RouteState state() throws IOException, InterruptedException {
        return real.state();
    }

    @Override
    public void set(Share green) throws IOException, InterruptedException {
        real.set(green);
    }

    @Override
    public void reset() throws IOException, InterruptedException {
        real.reset();
    }

    @Override
    public Explained explain(Sample sample) throws IOException, InterruptedException {
        return real.explain(sample);
    }

    @Override
    public void drain(Target side, Duration atMost) throws IOException, InterruptedException {
        real.drain(side, atMost);
    }

    @Override
    public SessionCounts sessions() throws IOException, InterruptedException {
        return real.sessions();
    }

    @Override
    public String refusal(Share green) throws IOException, InterruptedException {
        return real.refusal(green);
    }

    @Override
    public Reloaded reload() throws IOException, InterruptedException {
        return real.reload();
    }
}
