package dev.turnout.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.turnout.postgres.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application and its two databases, without a proxy. */
@Timeout(60)
class OrderDeskTest {
    @Test
    void everyAcknowledgedOrderIsOnBlueAndAfterAMomentOnGreen() throws Exception {
        try (DatabasePair pair = DatabasePair.start()) {
            OrderDesk desk = OrderDesk.open(pair.blueAddress());
            try (desk) {
                await().until(() -> desk.written().values().stream().allMatch(count -> count > 1));
            }
            assertThat(desk.isWell()).as("%s", desk).isTrue();
            assertThat(desk.written()).hasSize(OrderDesk.CLERKS);
            assertThat(DatabasePair.orders(pair.blue())).isEqualTo(desk.written());
            await().untilAsserted(
                    () -> assertThat(DatabasePair.orders(pair.green())).isEqualTo(desk.written()));
        }
    }

    @Test
    void tellsWhatWentWrongAndGoesOnWhenItCan() throws Exception {
        try (PostgresServer server = PostgresServer.version(18).start()) {
            server.createDatabase(DatabasePair.DATABASE)
                    .execute("CREATE ROLE app LOGIN PASSWORD 'demo'",
                            "CREATE TABLE orders (clerk int, number bigint)", "GRANT ALL ON orders TO app");
            try (OrderDesk desk = OrderDesk.open(server.address())) {
                await().until(() -> desk.total() > 0);
                server.kill();
                await().until(() -> !desk.isWell());
                long before = desk.total();
                server.start();
                await().until(() -> desk.total() > before);
                assertThat(desk.toString()).containsPattern(
                        "\\d+ orders were written to the database, \\d+ failed, the first: clerk \\d: ");
            }
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThatThrownBy(() -> OrderDesk.open(nobody)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("database at port 1: ");
    }
}
