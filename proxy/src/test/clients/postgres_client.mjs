// postgres.js, which pipelines: prints what it gets, the same with and without the proxy. Argument: the address.
import postgres from 'postgres'

const url = process.argv[2]
const print = (...values) => console.log(...values.map(value => typeof value === 'string' ? value : JSON.stringify(value)))
const failed = async promise => promise.then(() => 'did not fail', e => [e.code, e.message, e.severity_local, e.routine])
const notices = []
const sql = postgres(url, { max: 1, onnotice: notice => notices.push(notice.message), connection: { application_name: 'postgres.js' } })
const other = postgres(url, { max: 1 })
const pidOf = async client => (await client`SELECT pg_backend_pid() AS pid`)[0].pid

// Pipelined on one connection: all sent at once, new and known statements mixed, some of them wrong.
const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => {
  switch (n % 4) {
    case 0: return sql`SELECT ${n}::int AS n`.then(rows => rows[0].n)
    case 1: return sql`SELECT repeat('p', ${n}) AS text`.then(rows => rows[0].text.length)
    case 2: return sql.unsafe('SELECT ' + n + ' AS n').then(rows => rows[0].n)
    default: return n % 3 === 0 ? failed(sql`SELECT 1 / ${0}::int`) : sql`SELECT ${n}::int AS n`.then(rows => rows[0].n)
  }
}))
print(answers)
print(await sql`SELECT 1 AS a; SELECT 2 AS b`.simple(), await sql.unsafe('SELECT 3 AS c; SELECT 4 AS d'))
print(await sql.unsafe('SELECT $1::int AS prepared', [1], { prepare: true }), await sql`SELECT ${[1, 2, 3]}::int[] AS list, ${sql.json({ k: 1 })} AS json`)
print((await sql`SELECT ${'x'}::text AS described`.describe()).columns.map(column => [column.name, column.type]))
// Transactions.
print(await sql.begin('read only', async tx => {
  const modes = [await tx`SHOW transaction_read_only`]
  modes.push(await failed(tx.savepoint(inner => inner`CREATE TABLE refused (id int)`)))
  return modes
}))
print(await sql.begin(tx => [tx`SELECT 1 AS one`, tx`SELECT 2 AS two`, tx`SHOW transaction_isolation`]))
print(await failed(sql.begin(tx => [tx`SELECT 1 AS one`, tx`SELECT 1 / 0`, tx`SELECT 3 AS three`])), await sql`SELECT 'goes on' AS it`)
// A cursor, of portals in parts, read to its end and given up early; and row by row.
let rows = 0
for await (const part of sql`SELECT n FROM generate_series(1, 1000) n`.cursor(90)) rows += part.length
print(rows)
await sql`SELECT n FROM generate_series(1, 1000) n`.cursor(10, part => part[0].n > 20 ? sql.CLOSE : rows++)
print(rows)
let total = 0
await sql`SELECT n FROM generate_series(1, 500) n`.forEach(row => { total += row.n })
print(total)
// COPY both ways, on a connection that is reserved for it.
await sql`CREATE TEMP TABLE copied (id int, body text)`
const lines = Array.from({ length: 300 }, (_, n) => n + '\t' + 'c'.repeat(n % 40) + '\n').join('')
const into = await sql`COPY copied FROM STDIN`.writable()
await new Promise((resolve, reject) => into.on('finish', resolve).on('error', reject).end(lines))
let copied = 0
for await (const chunk of await sql`COPY copied TO STDOUT`.readable()) copied += chunk.length
print(copied, await sql`SELECT count(*)::int, sum(length(body))::int FROM copied`)
// LISTEN and NOTIFY, on a connection of its own.
const heard = new Promise(resolve => other.listen('js', payload => resolve(payload)).then(() => sql.notify('js', 'hello')))
print(await heard)
// Cancel.
const pid = await pidOf(sql)
for (let n = 0; n < 2; n++) {
  const sleeping = sql`SELECT pg_sleep(60)`
  const ended = failed(sleeping)
  while ((await other`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep'`).length === 0);
  sleeping.cancel()
  print(await ended, await sql`SELECT 'alive' AS it`, pid === await pidOf(sql))
}
// Large objects, by functions.
const big = await other.largeObject()
await big.write(Buffer.alloc(100_000, 'a'))
await big.seek(99_990)
const [{ data }] = await big.read(100)
print(data.length, await big.tell())
await big.close()
// Realtime: logical replication by pgoutput, on a connection with replication=database.
await sql.unsafe('DROP PUBLICATION IF EXISTS alltables; DROP TABLE IF EXISTS watched; CREATE TABLE watched (id int PRIMARY KEY, body text); CREATE PUBLICATION alltables FOR TABLE watched')
const changes = []
let enough
const all = new Promise(resolve => { enough = resolve })
const { unsubscribe } = await other.subscribe('*', (row, { command }) => { changes.push([command, row]); if (changes.length === 4) enough() })
await sql`INSERT INTO watched VALUES (1, 'one'), (2, 'two')`
await sql`UPDATE watched SET body = 'eins' WHERE id = 1`
await sql`DELETE FROM watched WHERE id = 2`
await all
print(changes)
await unsubscribe()
await sql.unsafe('DROP PUBLICATION alltables; DROP TABLE watched')
await sql`DO $$ BEGIN RAISE NOTICE 'noticed'; END $$`
print(notices)
await sql.end({ timeout: 5 })
await other.end({ timeout: 5 })
// Many connections, statements and errors at once.
const pool = postgres(url, { max: 5 })
print((await Promise.all(Array.from({ length: 500 }, (_, n) => n % 50 === 7 ? failed(pool`SELECT ${n} / 0`) : pool`SELECT ${n}::int AS n`.then(r => r[0].n)))).filter((answer, n) => answer !== n))
await pool.end({ timeout: 5 })
const wrong = postgres(url, { max: 1, password: 'wrong' })
print((await failed(wrong`SELECT 1`)).slice(0, 3))
await wrong.end({ timeout: 1 })
console.log('OK')
