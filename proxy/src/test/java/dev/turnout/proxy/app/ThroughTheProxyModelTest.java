package dev.turnout.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import dev.turnout.proxy.pg.session.ModelSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random pipelines through the proxy, beside the same ones without it. */
class ThroughTheProxyModelTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);

    private static final int PIPELINES = Boolean.getBoolean("turnout.drills") ? 2000 : 100;
    /** Of the first; the others count up. */
    private static final long SEED = Long.getLong("turnout.pipelines.seed", 20261121);

    @RegisterExtension
    final Rig rig = new Rig();

    @BeforeEach
    void startProxy() throws IOException {
        String server = "127.0.0.1:" + postgres.server().port();
        rig.startFile("""
                turnout.routes.db {
                  protocol = postgresql, listen = "127.0.0.1:0", data = shared, auth.mode = trust
                  blue.endpoints = ["SERVER"], green.endpoints = ["SERVER"]
                }
                """.replace("SERVER", server));
    }

    private InetSocketAddress proxy() {
        return rig.turnout().address("db");
    }

    @Test
    void theClientHearsWhatTheServerSaysMessageForMessage() throws IOException {
        String database = postgres.database().name();
        List<List<String>> direct = ModelSession.transcripts(postgres.server().address(), database, SEED,
                PIPELINES);
        List<List<String>> proxied = ModelSession.transcripts(proxy(), database, SEED, PIPELINES);
        for (int i = 0; i < PIPELINES; i++) {
            assertThat(proxied.get(i)).as("seed %s", SEED + i).isEqualTo(direct.get(i));
        }
    }

    @Test
    void cancelledOnesAreAnsweredInOrderAsWell() throws IOException {
        ModelSession session = ModelSession.to(proxy(), postgres.database().name());
        try {
            for (int i = 0; i < PIPELINES; i++) {
                if (!session.run(SEED + i, true)) {
                    session.close();
                    session = ModelSession.to(proxy(), postgres.database().name());
                }
            }
            assertThat(session.attributed()).as("replies told by their markers").isPositive();
        } finally {
            session.close();
        }
    }
}
