package dev.turnout.config;

import com.typesafe.config.ConfigValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An object of the configuration, read by key and kind. Keys that {@code reference.conf} does not have are reported
 * when the section is opened, values that do not fit when they are read.
 */
final class Section {
    private final Problems problems;
    private final Spot spot;
    private final Shape shape;
    /** Whether this is empty only because of a problem that is reported already. */
    private final boolean excused;
    /** Known keys that an unknown one was probably meant to be: that they are missing is reported already. */
    private final Set<String> misspelt = new HashSet<>();
    /** Keys that only another protocol has, reported already: to the readers nothing stands there. */
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Section> opened = new HashMap<>();
    private Optional<Protocol> spoken = Optional.empty();
    private boolean foreign;
    private boolean later;

    private Section(Problems problems, Spot spot, Shape shape, boolean excused) {
        this.problems = problems;
        this.spot = spot;
        this.shape = shape;
        this.excused = excused;
        keys().stream().filter(key -> !shape.knows(key)).forEach(this::reportForeign);
    }

    /** The whole document: the section that holds {@code turnout}. */
    static Section root(Problems problems, Spot spot) {
        return new Section(problems, spot, Shape.root(), false);
    }

    private void reportForeign(String key) {
        foreign = true;
        Spot stranger = spot.member(key);
        Set<String> planned = NotYet.keys(shape.path());
        if (planned.contains(key)) {
            later = true;
            problems.error(stranger, NotYet.FOUND, NotYet.ALLOWED);
            return;
        }
        Set<String> candidates = new TreeSet<>(shape.keys());
        candidates.addAll(planned);
        Optional<String> meant = Suggestion.among(candidates, key);
        meant.ifPresent(misspelt::add);
        problems.error(stranger, "an unknown key", String.join(", ", shape.keys()), meant);
    }

    /** What is opened from this section on is of a route that speaks this: keys of another protocol are problems. */
    void speaks(Protocol protocol) {
        spoken = Optional.of(protocol);
        OtherProtocol.keys(shape.path(), protocol).forEach((key, found) -> {
            Spot stranger = spot.member(key);
            refused.add(key);
            if (!stranger.isAbsent()) {
                foreign = true;
                later = true;
                problems.error(stranger, found, NotYet.ALLOWED);
            }
        });
    }

    /** Where this section stands. */
    Spot spot() {
        return spot;
    }

    /** Where a key stands, or would. A key that is not documented is a bug of the reader. */
    Spot member(String key) {
        shape.require(key);
        Spot member = spot.member(key);
        return refused.contains(key) ? member.emptied() : member;
    }

    /** Whether something stands at this key, right or wrong. */
    boolean has(String key) {
        return !member(key).isAbsent();
    }

    /** How many keys stand here. */
    int size() {
        return keys().size();
    }

    /** Whether all that is wrong with what is missing here may have been said. */
    boolean isDoubtful() {
        return foreign || excused;
    }

    /** Reports unless one of the keys stands here, and one only. */
    void requireOneOf(List<String> keys) {
        requireOneOf(keys, keys.stream().filter(this::has).toList());
    }

    /** As {@link #requireOneOf(List)}, where a key may stand here without saying anything. */
    void requireOneOf(List<String> keys, List<String> written) {
        List<String> allowed = keys.stream().filter(key -> !refused.contains(key)).toList();
        boolean reported = excused || later || keys.stream().anyMatch(misspelt::contains);
        if (written.size() > 1 || (written.isEmpty() && !reported)) {
            problems.error(spot, written.isEmpty() ? "none of them" : String.join(" and ", written),
                    "one of " + String.join(", ", allowed));
        }
    }

    /** The value, or the one of {@code reference.conf}; a problem when neither has any. */
    <T> Read<T> read(String key, Kind<T> kind) {
        Spot member = member(key);
        Optional<ConfigValue> fallback = shape.fallback(key);
        if (member.isAbsent() && fallback.isPresent()) {
            return Read.of(kind.reader().apply(Shown.plain(fallback.get())));
        }
        return member.isAbsent() ? missing(key, kind.allowed()) : kind.read(member, problems);
    }

    /** The value, or nothing when the key is left out. */
    <T> Read<Optional<T>> readIfSet(String key, Kind<T> kind) {
        Spot member = member(key);
        if (member.isAbsent()) {
            return Read.of(Optional.empty());
        }
        return kind.read(member, problems).map(Optional::of);
    }

    /** The elements of a list that must be there; none when something was wrong with the list itself. */
    <T> List<Item<T>> readList(String key, Kind<T> kind) {
        Spot member = member(key);
        String allowed = "a list of " + kind.allowed();
        if (member.isAbsent()) {
            missing(key, allowed);
            return List.of();
        }
        List<Spot> elements = elements(member, allowed);
        if (elements.isEmpty() && member.elements().isPresent()) {
            problems.error(member, "an empty list", allowed);
        }
        return elements.stream()
                .map(element -> new Item<>(element, kind.read(element, problems)))
                .toList();
    }

    /** The elements of a list that may be empty; the ones of {@code reference.conf} when it is left out. */
    <T> Read<List<T>> readAnyList(String key, Kind<T> kind, int most) {
        Spot member = member(key);
        if (member.isAbsent()) {
            return Read.of(shape.fallbackElements(key).stream().map(kind.reader()).toList());
        }
        List<Spot> elements = elements(member, "a list of " + kind.allowed());
        if (elements.size() > most) {
            problems.error(member, elements.size() + " entries", "at most " + most);
        }
        return Read.all(elements.stream().map(element -> kind.read(element, problems)).toList());
    }

    /** One value or a list of at least one; nothing when the key is left out. */
    <T> Read<List<T>> readOneOrMore(String key, Kind<T> kind, int most) {
        Spot member = member(key);
        if (member.isAbsent()) {
            return Read.of(List.of());
        }
        Optional<List<Spot>> elements = member.elements();
        if (elements.isEmpty()) {
            return kind.read(member, problems).map(List::of);
        }
        int size = elements.get().size();
        if (size == 0 || size > most) {
            problems.error(member, size == 0 ? "an empty list" : size + " entries",
                    "at least one, at most " + most);
            return Read.failed();
        }
        return Read.all(elements.get().stream().map(element -> kind.read(element, problems)).toList());
    }

    /** The values under names of the operator's own, in the order of their names. */
    <T> Map<String, Item<T>> values(Kind<T> kind) {
        Map<String, Item<T>> values = new TreeMap<>();
        for (String name : keys()) {
            Spot member = spot.member(name);
            if (!member.isAbsent()) {
                values.put(name, new Item<>(member, kind.read(member, problems)));
            }
        }
        return values;
    }

    /** One value and where it stands. */
    record Item<T>(Spot spot, Read<T> read) {}

    /** The object at this key; an empty one when it is left out. */
    Section section(String key) {
        return opened.computeIfAbsent(key, this::openOnce);
    }

    private Section openOnce(String key) {
        Spot member = member(key);
        Shape inner = shape.child(key);
        Optional<Section> there = member.isAbsent() ? Optional.empty() : open(member, inner);
        boolean reported = !member.isAbsent() || isExcused(key);
        return there.orElseGet(() -> inner(new Section(problems, member, inner, reported)));
    }

    /** The objects under names of the operator's own, in the order of their names. */
    Map<String, Section> sections() {
        Map<String, Section> sections = new TreeMap<>();
        for (String name : keys()) {
            Spot member = spot.member(name);
            if (!member.isAbsent()) {
                open(member, shape.child(name)).ifPresent(section -> sections.put(name, section));
            }
        }
        return sections;
    }

    /** The objects of a list; none when it is left out. */
    List<Section> sectionList(String key) {
        return sectionList(key, shape.child(key));
    }

    /** As {@link #sectionList}, where the objects are documented at the same key of another section. */
    List<Section> sectionListAsIn(Section other, String key) {
        return sectionList(key, other.shape.child(key));
    }

    private List<Section> sectionList(String key, Shape inner) {
        Spot member = member(key);
        if (member.isAbsent()) {
            return List.of();
        }
        return elements(member, "a list of objects").stream()
                .flatMap(element -> open(element, inner).stream())
                .toList();
    }

    private Set<String> keys() {
        return spot.object().map(object -> (Set<String>) new TreeSet<>(object.keySet())).orElse(Set.of());
    }

    private Optional<Section> open(Spot member, Shape inner) {
        if (member.object().isEmpty() && !member.isUnresolved()) {
            problems.error(member, Shown.found(member), "an object");
        }
        return member.object().map(object -> inner(new Section(problems, member, inner, false)));
    }

    private Section inner(Section section) {
        spoken.ifPresent(section::speaks);
        return section;
    }

    private List<Spot> elements(Spot member, String allowed) {
        Optional<List<Spot>> elements = member.elements();
        if (elements.isEmpty() && !member.isUnresolved()) {
            problems.error(member, Shown.found(member), allowed);
        }
        return elements.orElse(List.of());
    }

    private <T> Read<T> missing(String key, String allowed) {
        if (!isExcused(key)) {
            problems.error(spot.member(key), "nothing", allowed);
        }
        return Read.failed();
    }

    private boolean isExcused(String key) {
        return excused || misspelt.contains(key);
    }
}
