package dev.turnout.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What was found wrong so far, and what is merely odd. */
final class Problems {
    private final Sources sources;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    Problems(Sources sources) {
        this.sources = sources;
    }

    void error(Place place, String key, String found, String allowed) {
        error(place, key, found, allowed, Optional.empty());
    }

    void error(Place place, String key, String found, String allowed, Optional<String> suggestion) {
        errors.add(new Problem(place.file(), place.line(), key, found, allowed, suggestion));
    }

    void error(Spot spot, String found, String allowed) {
        error(spot.place(), spot.path(), found, allowed, Optional.empty());
    }

    void error(Spot spot, String found, String allowed, Optional<String> suggestion) {
        error(spot.place(), spot.path(), found, allowed, suggestion);
    }

    void warning(Spot spot, String found, String allowed) {
        Place place = spot.place();
        warnings.add(new Problem(place.file(), place.line(), spot.path(), found, allowed, Optional.empty()));
    }

    /** Another file is read, whose problems stand behind those of the files before. */
    void opened(String file) {
        sources.open(file);
    }

    boolean none() {
        return errors.isEmpty();
    }

    List<Problem> errors() {
        return inOrder(errors);
    }

    List<Problem> warnings() {
        return inOrder(warnings);
    }

    /** The order of problems: by file, then by line. */
    int compare(Place one, Place other) {
        int byFile = sources.compare(one.file(), other.file());
        return byFile != 0 ? byFile : Integer.compare(one.line(), other.line());
    }

    private static Place place(Problem problem) {
        return new Place(problem.file(), problem.line());
    }

    private List<Problem> inOrder(List<Problem> unordered) {
        return unordered.stream()
                .sorted(Comparator.comparing(Problems::place, this::compare).thenComparing(Problem::key))
                .toList();
    }
}
