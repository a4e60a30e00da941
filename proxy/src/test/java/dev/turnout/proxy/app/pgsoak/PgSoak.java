package dev.turnout.proxy.app.pgsoak;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Many clients at a time. Any thread, one at a time. */
public final class PgSoak {
    private final List<Thread> clients = new ArrayList<>();
    private final Books books;

    /** Starts the clients. {@code login}: the parameters of their startup packets. */
    public PgSoak(Books books, InetSocketAddress address, Map<String, String> login, int count, long seed) {
        this.books = books;
        SplittableRandom random = new SplittableRandom(seed);
        for (int number = 0; number < count; number++) {
            clients.add(
                    Thread.ofVirtual().start(new PgClient(books, address, login, number, random.split())));
        }
    }

    /**
     * Lets them go on for so long, or until too much has gone wrong, and waits until the last of them has left. Answers
     * whether all did.
     */
    public boolean run(Duration time, Duration patience) throws InterruptedException {
        books.pause(time.toMillis());
        books.end();
        boolean left = true;
        for (Thread client : clients) {
            left &= client.join(patience);
        }
        return left;
    }
}
