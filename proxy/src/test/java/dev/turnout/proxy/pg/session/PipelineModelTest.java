package dev.turnout.proxy.pg.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.postgres.SharedPostgres;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link OwedReplies} against a real server, over random pipelines. */
class PipelineModelTest {
    @RegisterExtension
    static final SharedPostgres postgres = SharedPostgres.version(18);

    private static final int PIPELINES = Boolean.getBoolean("turnout.drills") ? 20_000 : 200;
    private static final int COMPARED = PIPELINES / 10;
    /** Of the first; the others count up. */
    private static final long SEED = Long.getLong("turnout.pipelines.seed", 20261120);

    private static ModelSession connect() throws IOException {
        return ModelSession.to(postgres.server().address(), postgres.database().name());
    }

    @Test
    void everyReplyIsThatOfTheMessageItBelongsTo() throws IOException {
        int inDoubt = 0;
        int attributed = 0;
        ModelSession session = connect();
        try {
            for (int i = 0; i < PIPELINES; i++) {
                if (!session.run(SEED + i, i % 2 == 0)) {
                    inDoubt++;
                    attributed += session.attributed();
                    session.close();
                    session = connect();
                }
            }
            attributed += session.attributed();
        } finally {
            session.close();
        }
        assertThat(inDoubt).as("pipelines that ended in doubt, of all").isLessThan(PIPELINES / 10);
        assertThat(attributed).as("replies told by their markers").isGreaterThan(PIPELINES);
    }

    @Test
    void theSamePipelineIsAnsweredTheSameWayAgain() throws IOException {
        List<List<String>> once = transcripts();
        List<List<String>> again = transcripts();
        for (int i = 0; i < COMPARED; i++) {
            assertThat(again.get(i)).as("seed %s", SEED + i).isEqualTo(once.get(i));
        }
    }

    private static List<List<String>> transcripts() throws IOException {
        return ModelSession.transcripts(postgres.server().address(), postgres.database().name(), SEED,
                COMPARED);
    }
}
