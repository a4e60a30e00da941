package dev.turnout.proxy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.turnout.admin.Event;
import dev.turnout.admin.EventFeed.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final Events events = new Events(() -> Instant.EPOCH);

    private void add(String text) {
        events.add("split", Optional.of("shop"), Optional.of("ann"), text);
    }

    @Test
    void areNumberedFromOne() {
        add("a");
        add("b");
        assertThat(events.since(0)).extracting(Event::number, Event::text)
                .containsExactly(tuple(1L, "a"),
                        tuple(2L, "b"));
        assertThat(events.since(1)).extracting(Event::text).containsExactly("b");
    }

    @Test
    void onlyTheNewestAreKept() {
        for (int i = 0; i < Events.KEPT + 5; i++) {
            add("e" + i);
        }
        assertThat(events.since(0)).hasSize(Events.KEPT).first().extracting(Event::number).isEqualTo(6L);
    }

    @Test
    void whoeverSubscribesHearsOfAllWithoutGapOrDouble() {
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        Subscription mine;
        try (ExecutorService others = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 200; i++) {
                others.execute(() -> add("e"));
            }
            mine = events.subscribe(0, event -> heard.add(event.number()));
        }
        mine.close();
        assertThat(heard).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void whoeverEndsHearsNoMore() {
        List<Event> heard = new ArrayList<>();
        events.subscribe(0, heard::add).close();
        add("a");
        assertThat(heard).isEmpty();
    }

    @Test
    void aListenerThatFailsHarmsNoOther() {
        List<Event> heard = new ArrayList<>();
        events.subscribe(0, event -> {
            throw new IllegalStateException("a bug");
        });
        events.subscribe(0, heard::add);
        add("a");
        assertThat(heard).hasSize(1);
    }
}
