<?php
// PHP's PDO and pgsql (libpq): prints what they get, the same with and without the proxy. Argument: the address.
$at = parse_url($argv[1]);
$name = substr($at['path'], 1);
$dsn = "pgsql:host={$at['host']};port={$at['port']};dbname=$name";

function say(...$values): void
{
    echo implode(' ', array_map('json_encode', $values)), "\n";
}

function failed(callable $work): array
{
    try {
        $work();
        return ['did not fail'];
    } catch (PDOException $e) {
        return $e->errorInfo ?? [$e->getCode()];
    }
}

foreach ([false, true] as $emulated) {
    $pdo = new PDO($dsn, $at['user'], $at['pass'], [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_EMULATE_PREPARES => $emulated]);
    say('pid', $pdo->pgsqlGetPid() === $pdo->query('SELECT pg_backend_pid()')->fetchColumn());
    $statement = $pdo->prepare('SELECT CAST(:n AS int) + 1 AS n, CAST(:t AS text) AS t');
    for ($n = 0; $n < 8; $n++) {
        $statement->execute(['n' => $n, 't' => "o'cl\\ock ö"]);
        say($statement->fetch(PDO::FETCH_ASSOC));
    }
    unset($statement);
    say(failed(fn() => $pdo->query('SELECT 1/0')), failed(fn() => $pdo->prepare('SELECT nothing')->execute()));
    $pdo->beginTransaction();
    $pdo->exec('CREATE TABLE from_php (id serial PRIMARY KEY, body bytea)');
    $insert = $pdo->prepare('INSERT INTO from_php (body) VALUES (:body)');
    $insert->bindValue('body', str_repeat("\0\x01\xff", 100000), PDO::PARAM_LOB);
    $insert->execute();
    say($pdo->lastInsertId(), strlen(stream_get_contents($pdo->query('SELECT body FROM from_php')->fetchColumn())));
    say(failed(fn() => $pdo->exec('INSERT INTO from_php VALUES (1)')), failed(fn() => $pdo->query('SELECT 1')));
    $pdo->rollBack();
    $pdo->beginTransaction();
    $oid = $pdo->pgsqlLOBCreate();
    fwrite($pdo->pgsqlLOBOpen($oid, 'w'), str_repeat('large', 20000));
    say(strlen(stream_get_contents($pdo->pgsqlLOBOpen($oid, 'r'))), $pdo->pgsqlLOBUnlink($oid));
    $pdo->exec('CREATE TEMP TABLE copied (id int, body text)');
    say($pdo->pgsqlCopyFromArray('copied', array_map(fn($n) => "$n\tb$n", range(1, 500))),
        count($pdo->pgsqlCopyToArray('copied')));
    $cursor = $pdo->prepare('SELECT n FROM generate_series(1, 9) n', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]);
    $cursor->execute();
    say($cursor->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_LAST), $cursor->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_FIRST));
    $pdo->commit();
    $pdo->exec('LISTEN php');
    $pdo->exec("NOTIFY php, 'hello'");
    $told = $pdo->pgsqlGetNotify(PDO::FETCH_ASSOC, 10000);
    say($told['message'], $told['payload'], $told['pid'] === $pdo->pgsqlGetPid());
}

$pg = pg_connect("host={$at['host']} port={$at['port']} dbname=$name user={$at['user']} password={$at['pass']}");
$persistent = pg_pconnect("host={$at['host']} port={$at['port']} dbname=$name user={$at['user']} password={$at['pass']}");
say(pg_fetch_all(pg_query_params($pg, 'SELECT $1::int AS a, $2::text AS b', [1, null])), pg_ping($pg));
pg_send_query($pg, 'SELECT 1 AS one; SELECT 2 AS two; SELECT 1/0; SELECT 3');
while ($result = pg_get_result($pg)) {
    say(pg_result_status($result), pg_fetch_all($result), pg_result_error_field($result, PGSQL_DIAG_SQLSTATE));
}
pg_prepare($pg, 'named', 'SELECT $1::int * 2 AS n');
say(pg_fetch_all(pg_execute($pg, 'named', [21])));
pg_send_query($pg, 'SELECT pg_sleep(60)');
$sleeps = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " . pg_get_pid($pg);
while (pg_fetch_result(pg_query($persistent, $sleeps), 0, 0) !== '1');
say(pg_cancel_query($pg), pg_fetch_all(pg_query($pg, "SELECT 'alive' AS it")), pg_parameter_status($pg, 'TimeZone'));
say(failed(fn() => new PDO($dsn, $at['user'], 'wrong'))[0]);
echo "OK\n";
