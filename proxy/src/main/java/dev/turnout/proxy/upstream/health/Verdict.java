package dev.turnout.proxy.upstream.health;

/** What the checks of one endpoint amount to. Pure; confined by its caller. */
public final class Verdict {
    private final int rise;
    private final int fall;
    private boolean passed;
    private boolean checked;
    /** Results in a row that speak against the verdict. */
    private int against;

    /** @param passed holds until the first check, which decides alone */
    public Verdict(int rise, int fall, boolean passed) {
        this.rise = rise;
        this.fall = fall;
        this.passed = passed;
    }

    public boolean passed() {
        return passed;
    }

    /** Answers whether this changes the verdict. */
    public boolean note(boolean pass) {
        boolean first = !checked;
        checked = true;
        against = pass == passed ? 0 : against + 1;
        int needed = passed ? fall : rise;
        if (against == 0 || (!first && against < needed)) {
            return false;
        }
        passed = pass;
        against = 0;
        return true;
    }
}
