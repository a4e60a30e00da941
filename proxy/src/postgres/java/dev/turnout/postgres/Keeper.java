package dev.turnout.postgres;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shell between us and one server. It starts the server and signals it when told, passes on what the server says,
 * and when its input ends, also because our JVM was killed, it ends the server and deletes the folder. Any thread.
 */
final class Keeper implements Closeable {
    /** {@code $1}: the folder; then the command of the server. */
    private static final String SCRIPT = """
            folder=$1
            shift
            while read -r order rest; do
              case $order in
                start)
                  {
                    sh -c 'echo $$ >"$0/pid"; echo "keeper: pid $$"; exec "$@"' "$folder" "$@"
                    code=$?
                    rm -f "$folder/pid"
                    echo "keeper: ended $code"
                  } </dev/null &
                  ;;
                signal)
                  kill -s $rest
                  echo "keeper: signalled"
                  ;;
              esac
            done
            if read -r pid 2>/dev/null <"$folder/pid"; then
              kill -s CONT "$pid"
              kill -s QUIT "$pid"
            fi
            wait
            # A server that was killed has left the key of its shared memory in the last line but one.
            if [ -s "$folder/data/postmaster.pid" ]; then
              ipcrm -m "$(sed -n '7s/.* //p' "$folder/data/postmaster.pid")"
            fi
            cd /
            rm -rf "$folder"
            """;
    private static final String READY = "database system is ready to accept";
    private static final int TAIL_LINES = 200;

    private enum State {
        STOPPED, STARTING, READY
    }

    private final Process shell;
    private final BufferedWriter orders;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> tail = new ArrayDeque<>();
    private State state = State.STOPPED;
    private long pid;
    private int signalsDone;
    private boolean gone;

    private Keeper(Process shell) {
        this.shell = shell;
        this.orders = shell.outputWriter();
    }

    /** {@code folder}: owned by the account, holds {@code data}; the keeper owns it from now on. */
    static Keeper of(Path folder, Account account, List<String> server) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(account.command("sh", "-c", SCRIPT, "turnout-postgres", folder.toString()));
        command.addAll(server);
        Keeper keeper = new Keeper(Commands.builder(command).start());
        Thread.ofPlatform().daemon().name("postgres-" + folder.getFileName()).start(keeper::listen);
        return keeper;
    }

    private void listen() {
        try (BufferedReader said = shell.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            heard("the log ended: " + e);
        } finally {
            locked(() -> {
                gone = true;
                state = State.STOPPED;
            });
        }
    }

    private void heard(String line) {
        locked(() -> {
            if (line.startsWith("keeper: pid ")) {
                pid = Long.parseLong(line.substring("keeper: pid ".length()));
            } else if (line.equals("keeper: signalled")) {
                signalsDone++;
            } else if (line.startsWith("keeper: ended ")) {
                state = State.STOPPED;
            } else if (state == State.STARTING && line.contains(READY)) {
                state = State.READY;
            }
            if (tail.size() == TAIL_LINES) {
                tail.remove();
            }
            tail.add(line);
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Starts the server; answers whether it has become ready in time. */
    boolean start(Duration timeout) throws IOException {
        locked(() -> state = State.STARTING);
        order("start");
        return await(() -> state != State.STARTING, timeout) && running();
    }

    /** Sends a signal, by the name that {@code kill -s} knows, and returns when it has been sent. */
    void signal(String name, Collection<Long> pids) throws IOException {
        int before = signalsDone();
        order("signal " + name + " " + pids.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        if (!await(() -> signalsDone > before || gone, Duration.ofSeconds(10))) {
            throw new IOException("signal " + name + ": not sent after 10 s; the log ends with\n" + log());
        }
    }

    boolean awaitEnd(Duration timeout) throws IOException {
        return await(() -> state == State.STOPPED, timeout);
    }

    boolean running() {
        lock.lock();
        try {
            return state == State.READY;
        } finally {
            lock.unlock();
        }
    }

    /** Of the server's first process. */
    long pid() {
        lock.lock();
        try {
            return pid;
        } finally {
            lock.unlock();
        }
    }

    /** The last lines of the server. */
    String log() {
        lock.lock();
        try {
            return String.join("\n", tail);
        } finally {
            lock.unlock();
        }
    }

    private int signalsDone() {
        lock.lock();
        try {
            return signalsDone;
        } finally {
            lock.unlock();
        }
    }

    private synchronized void order(String words) throws IOException {
        orders.write(words);
        orders.newLine();
        orders.flush();
    }

    private boolean await(BooleanSupplier condition, Duration timeout) throws IOException {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static InterruptedIOException interrupted(@Nullable Throwable cause) {
        InterruptedIOException interrupted = new InterruptedIOException(
                "interrupted while PostgreSQL worked");
        interrupted.initCause(cause);
        return interrupted;
    }

    /** Ends the server at once and deletes its folder. */
    @Override
    public void close() {
        try {
            orders.close();
            if (!shell.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException("PostgreSQL runs 30 s after it was told to end:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(interrupted(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
