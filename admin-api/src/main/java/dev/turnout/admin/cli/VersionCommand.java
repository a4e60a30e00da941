package dev.turnout.admin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code turnout version}: which build this is, and what it runs on. */
@CommandLine.Command(name = "version", description = "Prints the version of Turnout and of the JVM.")
public final class VersionCommand implements Command, CommandLine.IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(String.join(System.lineSeparator(), getVersion()));
        return ExitCode.DONE;
    }

    /** Of this build. */
    public static String version() {
        Properties build = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException(
                        "version.properties: missing (expected: beside " + VersionCommand.class + ")");
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties", e);
        }
        return build.getProperty("version");
    }

    @Override
    public String[] getVersion() {
        return new String[]{"turnout " + version(), "java " + Runtime.version()};
    }
}
