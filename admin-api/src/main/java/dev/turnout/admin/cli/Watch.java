package dev.turnout.admin.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Repeats a display until its ticks end or its reader goes away. A proxy that goes away is waited for. */
final class Watch {
    private final Ticks ticks;
    private final PrintWriter out;

    Watch(Ticks ticks, PrintWriter out) {
        this.ticks = ticks;
        this.out = out;
    }

    /**
     * Repeats it. What fails the first time ends the command: it is more likely to be wrong than to come.
     *
     * @param refresh asks and prints
     * @param trouble is told once why there is nothing new, until there is or the reason is another
     */
    void run(Runnable refresh, Consumer<String> trouble) throws InterruptedException {
        refresh.run();
        String told = "";
        // A reader that went away, as in `turnout status -w | head`, ends the display.
        while (!out.checkError() && ticks.next()) {
            try {
                refresh.run();
                told = "";
            } catch (OperatorException e) {
                String why = String.valueOf(e.getMessage());
                if (!why.equals(told)) {
                    trouble.accept("turnout: " + why + "; trying again each second");
                }
                told = why;
            }
        }
    }
}
