package dev.turnout.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SharedPostgresTest {
    @RegisterExtension
    static final SharedPostgres first = SharedPostgres.version(18);
    @RegisterExtension
    static final SharedPostgres second = SharedPostgres.version(18);

    @Test
    void oneServerHasADatabaseForEach() throws Exception {
        assertThat(first.server()).isSameAs(second.server());
        first.database().execute("CREATE TABLE here (id int)");
        assertThat(second.database().value("SELECT to_regclass('here')")).isNull();
    }

    @Test
    void aSessionThatIsLeftOpenKeepsNoDatabaseBack() throws Exception {
        PostgresDatabase database = first.database();
        // Not closed on purpose: afterAll drops the database all the same, and fails the class when it cannot.
        Connection left = database.connect();
        try (Statement statement = left.createStatement()) {
            assertThat(statement.execute("SELECT 1")).isTrue();
        }
    }
}
