package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** The R2DBC driver sees the same through the proxy as without it. */
@Timeout(120)
class PgClientsR2dbcTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);
    @RegisterExtension
    final PgClients clients = new PgClients(postgres, PgClients.USERS);

    private final LoopResources loops = LoopResources.create("r2dbc", 1, true);

    @AfterEach
    void endLoops() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(10)).block();
    }

    /** What is done with a connection, and seen. */
    interface Work {
        void with(PostgresqlConnection connection, List<String> seen) throws Exception;
    }

    private List<String> same(Work work) throws Exception {
        return clients.same((way, seen) -> {
            PostgresqlConnection connection = connect(way);
            try {
                work.with(connection, seen);
            } finally {
                connection.close().block();
            }
        });
    }

    /** The caller closes it. */
    private PostgresqlConnection connect(PgClients.Way way) {
        return new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder().host("127.0.0.1")
                .port(way.port()).database(way.database()).username(PgClients.USER)
                .password(PgClients.PASSWORD).applicationName("matrix").loopResources(loops).build())
                .create().blockOptional().orElseThrow();
    }

    /** Errors are among the rows. */
    private static Flux<String> rows(Flux<PostgresqlResult> results) {
        return results.concatMap(result -> result.map((row, of) -> {
            StringJoiner line = new StringJoiner("|");
            for (int column = 0; column < of.getColumnMetadatas().size(); column++) {
                line.add(String.valueOf(row.get(column)));
            }
            return line.toString();
        })).onErrorResume(R2dbcException.class,
                e -> Flux.just(e.getSqlState() + " " + e.getMessage()));
    }

    private static Flux<String> rows(PostgresqlConnection connection, String sql) {
        return rows(connection.createStatement(sql).execute());
    }

    private static long updated(Flux<PostgresqlResult> results) {
        return results.concatMap(PostgresqlResult::getRowsUpdated).reduce(0L, Long::sum).blockOptional()
                .orElseThrow();
    }

    @Test
    void simpleStatementsParametersAndErrors() throws Exception {
        assertThat(same((connection, seen) -> {
            seen.add(connection.getMetadata().getDatabaseVersion());
            seen.addAll(
                    rows(connection, "SELECT 1; SELECT current_setting('application_name'); TABLE nowhere")
                            .collectList().block());
            // Of one statement the driver keeps the prepared form, and uses it again.
            for (int n = 0; n < 5; n++) {
                seen.addAll(rows(connection.createStatement("SELECT 100 / $1::int, $2::text, $3::timestamptz")
                        .bind(0, n).bind(1, "ä".repeat(n)).bindNull(2, String.class).execute()).collectList()
                        .block());
            }
            seen.addAll(
                    rows(connection, "SELECT count(*) FROM pg_prepared_statements").collectList().block());
            seen.addAll(rows(connection.createStatement("SELECT length($1)").bind("$1", "x".repeat(3_000_000))
                    .execute()).collectList().block());
        })).contains("matrix", "22012 division by zero", "50|ää|null", "3000000")
                .anyMatch(line -> line.startsWith("42P01 "));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void statementsThatAreAskedForAtOnce(int fetchSize) throws Exception {
        assertThat(same((connection, seen) -> {
            List<Flux<String>> statements = IntStream.range(0, 200).mapToObj(n -> {
                PostgresqlStatement statement = connection
                        .createStatement("SELECT g, 10 / (g - $1) FROM generate_series(1, 20) g").bind(0, n);
                return rows(statement.fetchSize(fetchSize).execute()).map(row -> n + ": " + row);
            }).toList();
            seen.addAll(Flux.merge(Flux.fromIterable(statements), 200).collectList().block());
            seen.addAll(Flux.concat(statements).collectList().block());
            seen.addAll(rows(connection, "SELECT 'goes on'").collectList().block());
        })).contains("0: 20|0", "1: 22012 division by zero", "199: 20|0", "goes on");
    }

    @Test
    void portalsAreFetchedInPartsAndLeftBeforeTheirEnd() throws Exception {
        assertThat(same((connection, seen) -> {
            connection.beginTransaction().block();
            String sql = "SELECT n, repeat('x', n) FROM generate_series(1, 1000) n WHERE n > $1";
            seen.add("hash " + rows(connection.createStatement(sql).bind(0, 0).fetchSize(50).execute())
                    .collectList().blockOptional().orElseThrow().hashCode());
            seen.addAll(rows(connection.createStatement(sql).bind(0, 5).fetchSize(3).execute()).take(7)
                    .collectList().block());
            seen.addAll(rows(connection, "SELECT count(*) FROM pg_cursors").collectList().block());
            connection.commitTransaction().block();
        })).hasSize(9).last().isEqualTo("0");
    }

    @Test
    void transactionsWithSavepoints() throws Exception {
        assertThat(same((connection, seen) -> {
            updated(connection.createStatement("CREATE TEMP TABLE kept (id int)").execute());
            connection.beginTransaction().block();
            seen.add("auto-commit " + connection.isAutoCommit());
            updated(connection.createStatement("INSERT INTO kept VALUES (1)").execute());
            connection.createSavepoint("named").block();
            seen.addAll(rows(connection, "SELECT nothing").collectList().block());
            seen.addAll(rows(connection, "SELECT 'refused'").collectList().block());
            connection.rollbackTransactionToSavepoint("named").block();
            connection.commitTransaction().block();
            connection.beginTransaction().block();
            seen.add("deleted " + updated(connection.createStatement("DELETE FROM kept").execute()));
            connection.rollbackTransaction().block();
            seen.add("auto-commit " + connection.isAutoCommit());
            seen.addAll(rows(connection, "SELECT 'kept', id FROM kept").collectList().block());
        })).contains("deleted 1", "auto-commit true", "kept|1")
                .anyMatch(line -> line.startsWith("42703 ")).anyMatch(line -> line.startsWith("25P02 "));
    }

    @Test
    void batches() throws Exception {
        assertThat(same((connection, seen) -> {
            seen.add("batch " + updated(connection.createBatch()
                    .add("CREATE TEMP TABLE batch (id int PRIMARY KEY, body text)")
                    .add("INSERT INTO batch VALUES (-1, 'one'), (-2, 'two')").add("DELETE FROM batch")
                    .execute()));
            PostgresqlStatement insert = connection.createStatement("INSERT INTO batch VALUES ($1, $2)");
            for (int n = 0; n < 500; n++) {
                (n == 0 ? insert : insert.add()).bind(0, n).bind(1, "b".repeat(n % 50));
            }
            seen.add("inserted " + updated(insert.execute()));
            PostgresqlStatement wrong = connection
                    .createStatement("INSERT INTO batch VALUES ($1, 'again') RETURNING id");
            seen.addAll(rows(wrong.bind(0, 5000).add().bind(0, 7).add().bind(0, 5001).execute()).collectList()
                    .block());
            seen.addAll(
                    rows(connection, "SELECT count(*), sum(length(body)) FROM batch").collectList().block());
        })).contains("batch 4", "inserted 500").anyMatch(line -> line.startsWith("23505 "));
    }

    @Test
    void notifications() throws Exception {
        assertThat(clients.same((way, seen) -> {
            PostgresqlConnection listener = connect(way);
            PostgresqlConnection sender = connect(way);
            try {
                CompletableFuture<List<String>> heard = listener.getNotifications()
                        .map(n -> n.getName() + " " + n.getParameter()).take(3).collectList().toFuture();
                updated(listener.createStatement("LISTEN r2dbc").execute());
                for (int n = 0; n < 3; n++) {
                    updated(sender.createStatement("NOTIFY r2dbc, 'hello " + n + "'").execute());
                }
                seen.addAll(heard.get());
            } finally {
                listener.close().then(sender.close()).block();
            }
        })).containsExactly("r2dbc hello 0", "r2dbc hello 1", "r2dbc hello 2");
    }

    @Test
    void cancels() throws Exception {
        assertThat(same((connection, seen) -> {
            // The first row comes once the next has filled the buffer of the server, which then sleeps.
            seen.addAll(rows(connection, "SELECT n, repeat('x', 50000), CASE n WHEN 3 THEN pg_sleep(60) END "
                    + "FROM generate_series(1, 3) n").concatMap(
                            row -> row.startsWith("1|")
                                    ? connection.cancelRequest().then(Mono.<String>empty())
                                    : Mono.just(row.substring(0, Math.min(50, row.length()))))
                    .collectList().block());
            seen.addAll(rows(connection, "SELECT 'goes on'").collectList().block());
        })).hasSize(3).endsWith("57014 canceling statement due to user request", "goes on");
    }
}
