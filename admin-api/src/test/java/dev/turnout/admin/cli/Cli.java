package dev.turnout.admin.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs {@code turnout} and keeps what it printed. */
final class Cli {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line;
    private final List<String> options;

    Cli(String... options) {
        this(Main.commandLine(), options);
    }

    /** @param options are added to every command */
    Cli(CommandLine line, String... options) {
        this.line = line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        this.options = List.of(options);
    }

    int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return line.execute(Stream.concat(Stream.of(args), options.stream()).toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
