package dev.turnout.proxy.upstream.health;

/** What the checks of one endpoint amount to. Pure; confined by its caller. */
public final class Verdict {
    private int rise;
    private int fall;
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

    /** From now on it takes as many in a row; it stands as it is. */
    public void rules(int newRise, int newFall) {
        rise = newRise;
        fall = newFall;
        against = 0;
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
