package dev.turnout.admin.cli;

import java.io.Serial;

/** Ends a command with one sentence for the operator and an exit code; never a stack trace. */
public class OperatorException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** @param exitCode one of {@link ExitCode} */
    public OperatorException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
