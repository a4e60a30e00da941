package dev.turnout.admin.cli;

/** What {@code turnout} ends with; scripts rely on it. */
public final class ExitCode {
    public static final int DONE = 0;
    /** The operation was tried, and failed. */
    public static final int FAILED = 1;
    /** The command line or the configuration is wrong. */
    public static final int USAGE = 2;
    /** A precondition does not hold, or someone else was faster. */
    public static final int REFUSED = 3;
    /** The admin API cannot be reached. */
    public static final int UNREACHABLE = 4;
    public static final int TIMED_OUT = 5;

    private ExitCode() {}
}
