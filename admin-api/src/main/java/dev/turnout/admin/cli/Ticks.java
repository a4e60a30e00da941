package dev.turnout.admin.cli;

/** The rhythm in which a display is refreshed. */
@FunctionalInterface
interface Ticks {
    /** Waits for the next one; false: there is none, the display ends. */
    boolean next() throws InterruptedException;
}
