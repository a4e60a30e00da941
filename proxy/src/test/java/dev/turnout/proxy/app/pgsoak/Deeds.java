package dev.turnout.proxy.app.pgsoak;

import java.util.List;
import java.util.SplittableRandom;

/** What a client may ask, each with the only right answer. One thread. */
final class Deeds {
    private static final int LARGE_PARTS = 4000;

    /** Makes one exchange; {@code token} is in its answer, and in no other. */
    @FunctionalInterface
    interface Deed {
        Exchange make(String token, SplittableRandom random);
    }

    /** Those that may run in any session that is idle, and leave it idle. */
    static final List<Deed> ALL = List.of(Deeds::simple, Deeds::severalStatements, Deeds::pipeline,
            Deeds::pipeline,
            Deeds::suspended, Deeds::error, Deeds::copyIn, Deeds::copyFails, Deeds::copyOut,
            Deeds::transaction,
            Deeds::failedTransaction, Deeds::large, Deeds::empty);

    private Deeds() {}

    private static Exchange simple(String token, SplittableRandom random) {
        return new Exchange().row("SELECT '" + token + "', 1", token + "|1");
    }

    private static Exchange severalStatements(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages()
                .query("SELECT '" + token + "-a'; SELECT '" + token + "-b'; SELECT 1/0; SELECT 'never'");
        return exchange.expect("T", "D:" + token + "-a", "C:SELECT 1", "T", "D:" + token + "-b", "C:SELECT 1",
                "E:22012", "Z:I");
    }

    private static Exchange empty(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("");
        exchange.expect("I", "Z:I");
        return exchange.row("SELECT '" + token + "'", token);
    }

    /** Several Syncs at once, errors amid them, a simple query now and then. */
    static Exchange pipeline(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        int segments = 1 + random.nextInt(8);
        for (int segment = 0; segment < segments; segment++) {
            String mine = token + "-" + segment;
            if (random.nextInt(8) == 0) {
                exchange.row("SELECT '" + mine + "'", mine);
            } else {
                segment(exchange, mine, random);
            }
        }
        return exchange;
    }

    private static void segment(Exchange exchange, String token, SplittableRandom random) {
        boolean failed = false;
        int statements = 1 + random.nextInt(4);
        for (int statement = 0; statement < statements; statement++) {
            String mine = token + "-" + statement;
            int how = random.nextInt(10);
            exchange.messages().parse("", how == 0 ? "SELECT nothing" : "SELECT $1::text, 10 / $2::int")
                    .bind("", mine, how == 1 ? "0" : "5").execute(0);
            if (random.nextInt(5) == 0) {
                exchange.messages().flush();
            }
            if (failed) {
                continue;
            }
            failed = how <= 1;
            switch (how) {
                case 0 -> exchange.expect("E:42703");
                case 1 -> exchange.expect("1", "E:22012");
                default -> exchange.expect("1", "2", "D:" + mine + "|2", "C:SELECT 1");
            }
        }
        exchange.messages().sync();
        exchange.expect("Z:I");
    }

    /** A portal that is read in two parts. */
    private static Exchange suspended(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().parse("", "SELECT $1 || n FROM generate_series(1, 3) n").bind("", token)
                .execute(2)
                .execute(0).sync();
        return exchange.expect("1", "2", "D:" + token + "1", "D:" + token + "2", "s", "D:" + token + "3",
                "C:SELECT 1",
                "Z:I");
    }

    private static Exchange error(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("SELEKT '" + token + "'");
        return exchange.expect("E:42601", "Z:I").row("SELECT '" + token + "'", token);
    }

    private static Exchange copyIn(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("CREATE TEMP TABLE IF NOT EXISTS mine (v text)").query("TRUNCATE mine")
                .query("COPY mine FROM STDIN");
        exchange.expect("C:CREATE TABLE", "Z:I", "C:TRUNCATE TABLE", "Z:I", "G");
        int rows = 1 + random.nextInt(30);
        for (int row = 0; row < rows; row++) {
            exchange.messages().copyData(token + "\n");
        }
        exchange.messages().copyDone();
        exchange.expect("C:COPY " + rows, "Z:I");
        return exchange.row("SELECT count(*), min(v), max(v) FROM mine", rows + "|" + token + "|" + token);
    }

    private static Exchange copyFails(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("CREATE TEMP TABLE IF NOT EXISTS mine (v text)")
                .query("COPY mine FROM STDIN")
                .copyData(token).copyFail("changed my mind");
        return exchange.expect("C:CREATE TABLE", "Z:I", "G", "E:57014", "Z:I").row("SELECT '" + token + "'",
                token);
    }

    private static Exchange copyOut(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        int rows = 1 + random.nextInt(200);
        exchange.messages().query("COPY (SELECT '" + token + "-' || n FROM generate_series(1, " + rows
                + ") n) TO STDOUT");
        exchange.expect("H");
        for (int row = 1; row <= rows; row++) {
            exchange.expect("d:" + token + "-" + row + "\n");
        }
        return exchange.expect("c", "C:COPY " + rows, "Z:I");
    }

    private static Exchange transaction(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("BEGIN").query("SELECT set_config('soak.token', '" + token + "', true)")
                .query("SELECT current_setting('soak.token')").query("COMMIT");
        return exchange.expect("C:BEGIN", "Z:T", "T", "D:" + token, "C:SELECT 1", "Z:T", "T", "D:" + token,
                "C:SELECT 1", "Z:T", "C:COMMIT", "Z:I");
    }

    private static Exchange failedTransaction(String token, SplittableRandom random) {
        Exchange exchange = new Exchange();
        exchange.messages().query("BEGIN").query("SELECT '" + token + "'::int").query("SELECT 1")
                .query("ROLLBACK");
        return exchange.expect("C:BEGIN", "Z:T", "E:22P02", "Z:E", "E:25P02", "Z:E", "C:ROLLBACK", "Z:I");
    }

    private static Exchange large(String token, SplittableRandom random) {
        int parts = 1 + random.nextInt(LARGE_PARTS);
        return new Exchange().row("SELECT repeat('" + token + "', " + parts + ")", token.repeat(parts));
    }
}
