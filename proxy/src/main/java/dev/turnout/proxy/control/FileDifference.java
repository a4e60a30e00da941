package dev.turnout.proxy.control;

import dev.turnout.config.Differences;
import dev.turnout.config.RouteConfig;
import dev.turnout.config.Share;
import dev.turnout.config.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the routes of another file change.
 *
 * @param touched those that it changes or adds, in the order of their names
 * @param removed those that it does not have any more
 * @param sentences what changes, key by key
 * @param overridden what of it operators have decided otherwise
 */
record FileDifference(
        List<String> touched,
        List<String> removed,
        List<String> sentences,
        List<String> overridden) {
    static FileDifference between(Intent now, List<RouteConfig> file) {
        FileDifference difference = new FileDifference(new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>(), new ArrayList<>());
        Map<String, RouteConfig> next = new TreeMap<>();
        file.forEach(route -> next.put(route.name(), route));
        next.values().forEach(route -> difference.compare(now, route));
        now.file().keySet().stream().filter(name -> !next.containsKey(name)).forEach(difference::remove);
        return difference;
    }

    /** What gets a version by it. */
    List<String> changed() {
        return Stream.concat(touched.stream(), removed.stream()).sorted().toList();
    }

    boolean isEmpty() {
        return touched.isEmpty() && removed.isEmpty();
    }

    private void remove(String name) {
        removed.add(name);
        sentences.add("route " + name + ": removed");
    }

    private void compare(Intent now, RouteConfig next) {
        String name = next.name();
        if (!now.file().containsKey(name)) {
            touched.add(name);
            sentences.add("route " + name + ": added");
            tellReturned(now, next);
            return;
        }
        RouteConfig was = now.config(name);
        if (!was.equals(next)) {
            touched.add(name);
            Differences.between(was, next).forEach(line -> sentences.add("route " + name + ": " + line));
            compareSplit(now, was, next);
            for (Target target : Target.values()) {
                compareEndpoints(now, was, next, target);
            }
        }
    }

    /** It was there before, and what operators decided then was kept. */
    private void tellReturned(Intent now, RouteConfig next) {
        RuntimeLayer layer = now.runtime(next.name());
        layer.split().ifPresent(set -> overridden.add(decided(next, set) + holdsAgain(next, set)));
        layer.endpoints().values().forEach(set -> overridden.add("route " + next.name() + ": "
                + set.stamp().actor() + " made endpoint " + set.endpoint().address() + " of "
                + set.endpoint().target().label() + " " + set.value().label() + " at run time (version "
                + set.version() + "), which holds again"));
    }

    private static String decided(RouteConfig route, SplitOverride set) {
        return "route " + route.name() + ": " + set.stamp().actor() + " set green "
                + set.green().map(Share::toString).orElse("-")
                + set.drained().map(side -> " and drained " + side.label()).orElse("")
                + " at run time (version " + set.version() + "), which ";
    }

    private static String holdsAgain(RouteConfig next, SplitOverride set) {
        return Intent.refusal(next, set).map(why -> "is not in force: one_writer: " + why)
                .orElse("holds again");
    }

    private void compareSplit(Intent now, RouteConfig was, RouteConfig next) {
        now.runtime(next.name()).split().ifPresent(set -> compareSplit(set, was, next));
    }

    private void compareSplit(SplitOverride set, RouteConfig was, RouteConfig next) {
        Share before = was.split().green();
        Share after = next.split().green();
        if (Intent.refusal(was, set).isPresent()) {
            overridden.add(decided(next, set) + holdsAgain(next, set));
        } else if (!before.equals(after)) {
            overridden.add("route " + next.name() + ": split.green " + before + " -> " + after
                    + " in the file, but " + set.stamp().actor() + " set "
                    + set.green().map(Share::toString).orElse("nothing")
                    + " at run time (version " + set.version() + "), which holds until it is reset");
        }
    }

    private void compareEndpoints(Intent now, RouteConfig was, RouteConfig next, Target target) {
        now.runtime(next.name()).endpoints().forEach((key, set) -> {
            boolean before = was.endpoints(target).contains(key.address());
            boolean after = next.endpoints(target).contains(key.address());
            if (key.target() == target && before != after) {
                overridden.add("route " + next.name() + ": endpoint " + key.address() + " of "
                        + target.label() + (after ? " is new in the file" : " is gone from the file")
                        + ", but " + set.stamp().actor() + " made it " + set.value().label()
                        + " at run time (version " + set.version() + "), which holds");
            }
        });
    }
}
