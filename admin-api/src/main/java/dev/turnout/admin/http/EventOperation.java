package dev.turnout.admin.http;

import dev.turnout.admin.Event;
import dev.turnout.admin.EventFeed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What happened lately, as a list; what happens, as a stream. */
final class EventOperation {
    private static final long MAX_NUMBER = 999_999_999_999_999_999L;
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Pattern COMMAS = Pattern.compile(",");

    private final EventFeed feed;
    private final EventStreams streams;

    EventOperation(EventFeed feed, EventStreams streams) {
        this.feed = feed;
        this.streams = streams;
    }

    Reply events(Call call) {
        Optional<Long> after = after(call);
        long newest = newest();
        if (wantsList(call.headers().getAll("Accept"))) {
            return Answer.json(EventJson.of(feed.since(start(after.orElse(0L), newest))));
        }
        return streams.open(feed, start(after.orElse(newest), newest));
    }

    /** A number that is still to come was given before the proxy started again: all that happened since is new. */
    private static long start(long after, long newest) {
        return after > newest ? 0 : after;
    }

    private long newest() {
        List<Event> kept = feed.since(0);
        return kept.isEmpty() ? 0 : kept.getLast().number();
    }

    /** A browser that connects again repeats its query, but it is the header that says how far it got. */
    private static Optional<Long> after(Call call) {
        Optional<String> asked = Query.of(call, "after").one("after");
        List<String> last = call.headers().getAll(LAST_EVENT_ID);
        if (last.size() > 1) {
            throw Query.refused(LAST_EVENT_ID, last.size() + " of them", "one");
        }
        return last.isEmpty()
                ? asked.map(text -> Query.number("after", text, 0, MAX_NUMBER))
                : Optional.of(Query.number(LAST_EVENT_ID, last.getFirst(), 0, MAX_NUMBER));
    }

    private static boolean wantsList(List<String> accept) {
        List<String> types = accept.stream()
                .flatMap(COMMAS::splitAsStream)
                .map(type -> Arrays.asList(type.split(";", 2)).getFirst().strip().toLowerCase(Locale.ROOT))
                .toList();
        return types.contains(Answer.JSON) && !types.contains(EventStream.CONTENT_TYPE);
    }
}
