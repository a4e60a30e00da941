package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads a text as a file named {@code turnout.conf} in a folder of the test. */
record Loading(Path folder, Map<String, String> environment) {
    static final String FILE = "turnout.conf";

    Loading(Path folder) {
        this(folder, Map.of());
    }

    Loading with(String variable, String value) {
        return new Loading(folder, Map.of(variable, value));
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigResult load(String text) {
        return ConfigLoader.load(write(FILE, text), environment);
    }

    TurnoutConfig valid(String text) {
        ConfigResult result = load(text);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }

    List<Problem> warnings(String text) {
        ConfigResult result = load(text);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).warnings();
    }

    List<Problem> problems(String text) {
        ConfigResult result = load(text);
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        return ((ConfigResult.Invalid) result).problems();
    }

    Problem problem(String text) {
        List<Problem> problems = problems(text);
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    /** Line and key of each problem: {@code 3 turnout.admin.listen}. */
    List<String> places(String text) {
        return problems(text).stream().map(problem -> problem.line() + " " + problem.key()).toList();
    }
}
