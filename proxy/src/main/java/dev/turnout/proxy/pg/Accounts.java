package dev.turnout.proxy.pg;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.config.PostgresAuth;
import dev.turnout.config.PostgresAuth.Mode;
import dev.turnout.config.Secret;
import dev.turnout.proxy.pg.auth.Credentials;
import dev.turnout.proxy.pg.auth.Md5;
import dev.turnout.proxy.pg.auth.Verifier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may come in at one route, and how they prove it. Shared by its loops; any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // the one future always completes with a value, which is told
public final class Accounts {
    private static final Logger log = LoggerFactory.getLogger(Accounts.class);
    private static final int NONCE_BYTES = 32;
    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SALT_BYTES = 16;
    private static final int ITERATIONS = 4096;
    private static final long MOST_CACHED = 100_000;
    private static final Duration CACHED_FOR = Duration.ofMinutes(1);

    /** What was asked for, in which database. */
    private record Asked(String user, String database) {}

    /** Either of the two. */
    private record Answer(@Nullable Account account, @Nullable Throwable failure) {}

    private final PostgresAuth auth;
    private final RandomGenerator random;
    private final Map<String, Secret> secrets = new HashMap<>();
    private final Map<String, Account> known = new ConcurrentHashMap<>();
    private final AtomicLong warnedNanos = new AtomicLong(Long.MIN_VALUE);
    private final byte[] nonce = new byte[NONCE_BYTES];
    /** What servers said. Always completes with a value: of what fails, Caffeine would log a stack trace. */
    private final AsyncCache<Asked, Answer> verifiers = Caffeine.newBuilder()
            .maximumSize(MOST_CACHED).expireAfterWrite(CACHED_FOR).executor(Runnable::run).buildAsync();

    /**
     * What is known of a user.
     *
     * @param verifier what a proof is checked against; null for one who is asked for an MD5 hash
     * @param md5 the hash of the password, as PostgreSQL keeps it
     * @param password from which the verifier was made; null when nobody here knows it
     */
    record Account(
            @Nullable Verifier verifier,
            @Nullable Secret md5,
            Credentials.@Nullable Password password) {
        /** Of what stands in pg_authid; empty: of anything else. */
        static Optional<Account> of(Secret secret) {
            if (Md5.isHash(secret.reveal())) {
                return Optional.of(new Account(null, secret, null));
            }
            try {
                return Optional.of(new Account(Verifier.parse(secret.reveal()), null, null));
            } catch (IllegalArgumentException _) {
                // What it says of the text is of no use to anybody here.
                return Optional.empty();
            }
        }
    }

    /** @param random cryptographic */
    public Accounts(PostgresAuth auth, RandomGenerator random) {
        this.auth = auth;
        random.nextBytes(nonce);
        this.random = random;
        auth.users().forEach(user -> secrets.put(user.name(), user.secret()));
    }

    /** Made at the first login: of a password that takes thousands of hashes. */
    private @Nullable Account known(String user) {
        Secret secret = secrets.get(user);
        return secret == null
                ? null
                : known.computeIfAbsent(user,
                        _ -> Account.of(secret).orElseGet(() -> ofPassword(secret, random)));
    }

    private static Account ofPassword(Secret password, RandomGenerator random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Account(Verifier.of(password.reveal(), salt, ITERATIONS), null,
                new Credentials.Password(password));
    }

    /** Whether a second has passed since the last warning: anybody may cause them. */
    boolean mayWarn(long nowNanos) {
        long last = warnedNanos.get();
        return (last == Long.MIN_VALUE || nowNanos - last >= WARN_NANOS)
                && warnedNanos.compareAndSet(last, nowNanos);
    }

    boolean trusts() {
        return auth.mode() == Mode.TRUST;
    }

    /** The role that the holder of a verified certificate with this name may log in as. */
    Optional<String> roleOf(String certificateName) {
        return Optional.ofNullable(auth.certificates().get(certificateName));
    }

    /** What the configuration itself says of a user. */
    Optional<Account> configured(String user) {
        return Optional.ofNullable(known(user));
    }

    /**
     * Finds out what is known of a user, at once or later, on any thread. One whom nobody knows has an account as well,
     * which nothing opens: whether there is a user is nobody's business. A failure is a {@link Lookup.Failure}.
     */
    void find(Lookup lookup, String user, String database,
            BiConsumer<@Nullable Account, @Nullable Throwable> told) {
        Account configured = known(user);
        if (configured != null) {
            told.accept(configured, null);
        } else if (auth.query().isEmpty()) {
            told.accept(nobody(user), null);
        } else {
            PostgresAuth.Query query = auth.query().get();
            Asked asked = new Asked(user, query.database().orElse(database));
            var _ = verifiers
                    .get(asked,
                            (key, executor) -> lookup.ask(query, key.user, key.database)
                                    .handle((secret, failure) -> new Answer(
                                            failure == null ? account(secret, key.user) : null, failure)))
                    .whenComplete((answer, _) -> {
                        if (answer.failure != null) {
                            verifiers.synchronous().invalidate(asked);
                        }
                        told.accept(answer.account, answer.failure);
                    });
        }
    }

    private Account account(Optional<Secret> secret, String user) {
        if (secret.isEmpty()) {
            return nobody(user);
        }
        return Account.of(secret.get()).orElseGet(() -> {
            log.warn(
                    "auth.query answers for user={} what is no verifier (expected: SCRAM-SHA-256$..., or md5 and 32"
                            + " hexadecimal digits, as pg_authid.rolpassword has it)",
                    user);
            return nobody(user);
        });
    }

    private Account nobody(String user) {
        return new Account(Verifier.mock(user, nonce), null, null);
    }

    /** Somebody was refused: the password may have changed. */
    void forget(String user, String database) {
        auth.query().ifPresent(query -> verifiers.synchronous()
                .invalidate(new Asked(user, query.database().orElse(database))));
    }
}
