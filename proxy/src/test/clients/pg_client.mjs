// node-postgres: prints what it gets, the same with and without the proxy. Argument: the address.
import pg from 'pg'

const url = process.argv[2]
const { Client, Pool } = pg
const print = (...values) => console.log(...values.map(value => typeof value === 'string' ? value : JSON.stringify(value)))
const failed = async promise => promise.then(() => 'did not fail', e => [e.code, e.message, e.severity, e.position])

const first = new Client({ connectionString: url, application_name: 'node-postgres', statement_timeout: 50_000 })
const second = new Client({ connectionString: url })
const notices = []
first.on('notice', notice => notices.push(notice.message))
await first.connect()
await second.connect()

// Simple protocol: several results of one message.
print((await first.query('SELECT 1 AS a; SELECT generate_series(1, 3) AS b; SET work_mem = \'5MB\'; SHOW work_mem')).map(r => [r.command, r.rows]))
// Extended, with types, unnamed and named.
const values = [42, 'zwölf', [1, null, 3], Buffer.from([0, 1, 255]), { k: [1] }, new Date(0)]
print((await first.query('SELECT $1::int a, $2::text b, $3::int[] c, $4::bytea d, $5::jsonb e, $6::timestamptz f', values)).rows)
for (let n = 0; n < 5; n++) {
  print((await first.query({ name: 'twice', text: 'SELECT $1::int * 2 AS twice', values: [n] })).rows[0])
}
// A portal that is read in parts, with Execute and Flush and no Sync in between.
const parts = await first.query({ text: 'SELECT n FROM generate_series(1, 1000) n', rows: 64 })
print(parts.rows.length, parts.rows.reduce((sum, row) => sum + row.n, 0))
// All sent at once, some of them wrong.
const many = await Promise.all(Array.from({ length: 60 }, (_, n) => n % 10 === 9
  ? failed(first.query('SELECT 1 / ($1::int - $1::int)', [n]))
  : first.query('SELECT $1::int AS n', [n]).then(r => r.rows[0].n)))
print(many)
print(await failed(first.query('SELECT nothing')), await failed(first.query('SELECT $1::int', ['no number'])))
print(await failed(first.query({ name: 'twice', text: 'SELECT 3', values: [] })))
// Transactions, notices, large values.
await first.query('BEGIN')
await first.query('CREATE TABLE from_node (id serial, body text)')
await first.query('INSERT INTO from_node (body) SELECT $1 FROM generate_series(1, 4)', ['b'.repeat(1_000_000)])
print(await failed(first.query('INSERT INTO from_node VALUES (1, 1, 1)')), await failed(first.query('SELECT 1')))
print((await first.query('ROLLBACK')).command, (await first.query("SELECT to_regclass('from_node') AS gone")).rows)
print((await first.query('SELECT $1::text AS long', ['l'.repeat(5_000_000)])).rows[0].long.length)
await first.query("DO $$ BEGIN RAISE NOTICE 'noticed'; END $$")
print(notices)
// LISTEN and NOTIFY.
const told = new Promise(resolve => first.once('notification', resolve))
await first.query('LISTEN node')
await second.query("SELECT pg_notify('node', 'hello')")
const { channel, payload, processId } = await told
print(channel, payload, processId === second.processID)
// Cancel.
print('pid', first.processID === (await first.query('SELECT pg_backend_pid() AS pid')).rows[0].pid)
const sleeping = { text: 'SELECT pg_sleep(60)' }
for (let n = 0; n < 2; n++) {
  const query = new pg.Query(sleeping)
  const ended = new Promise(resolve => query.on('error', resolve))
  first.query(query)
  for (;;) {
    const found = await second.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", [first.processID])
    if (found.rowCount === 1) break
  }
  const canceller = new Client({ connectionString: url })
  canceller.cancel(first, query)
  print((await ended).code, (await first.query("SELECT 'alive' AS it")).rows)
}
// A pool, as most applications have it.
const pool = new Pool({ connectionString: url, max: 4, idleTimeoutMillis: 1 })
const sums = await Promise.all(Array.from({ length: 200 }, (_, n) => pool.query('SELECT $1::int + 1 AS n', [n])))
print(sums.reduce((sum, result) => sum + result.rows[0].n, 0))
await pool.end()
await first.end()
await second.end()
const wrong = new Client({ connectionString: url.replace('sesame', 'wrong') })
print(await failed(wrong.connect()))
console.log('OK')
