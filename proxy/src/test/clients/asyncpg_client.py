"""asyncpg: prints what it gets, the same with and without the proxy. Argument: the address."""
import asyncio
import hashlib
import io
import sys

import asyncpg

url = sys.argv[1]


async def types(connection):
    """asyncpg reads the catalogue with statements of its own before it decodes such values."""
    await connection.execute("""
        DROP TABLE IF EXISTS with_types; DROP TYPE IF EXISTS pair; DROP TYPE IF EXISTS mood; DROP DOMAIN IF EXISTS few;
        CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE pair AS (a int, b mood[]);
        CREATE DOMAIN few AS int CHECK (VALUE < 10);
        CREATE TABLE with_types (id few, pairs pair[], at timestamptz, range int4range, body jsonb)""")
    await connection.execute("INSERT INTO with_types VALUES ($1, $2, $3::text::timestamptz, $4, $5)", 3,
                             [(1, ["sad"]), (2, ["glad", "sad"])], "2026-01-02 03:04:05+00",
                             asyncpg.Range(1, 5), '{"a": 1}')
    print(await connection.fetch("SELECT * FROM with_types"))
    await connection.set_type_codec("jsonb", encoder=str, decoder=lambda text: "decoded " + text, schema="pg_catalog")
    print(await connection.fetchval("SELECT body FROM with_types"))
    await connection.reload_schema_state()
    await connection.execute("DROP TABLE with_types; DROP TYPE pair; DROP TYPE mood; DROP DOMAIN few")


async def statements(connection):
    statement = await connection.prepare("SELECT $1::int + n FROM generate_series(1, 3) n")
    print(statement.get_parameters(), [await statement.fetch(n) for n in range(8)][-1], statement.get_statusmsg())
    for n in range(150):
        await connection.fetchval(f"SELECT {n} + $1::int", n)
    await connection.execute("CREATE TEMP TABLE many (id int, body text)")
    await connection.executemany("INSERT INTO many VALUES ($1, $2)", [(n, "b" * (n % 100)) for n in range(2000)])
    print(await connection.fetchrow("SELECT count(*), sum(length(body)) FROM many"))
    try:
        await connection.executemany("INSERT INTO many VALUES ($1 / $2::int, 'x')", [(1, 1), (1, 0), (1, 1)])
    except asyncpg.PostgresError as error:
        print(type(error).__name__, error.sqlstate, await connection.fetchval("SELECT count(*) FROM many"))
    await connection.execute("ALTER TABLE many ADD extra int")
    print(await connection.fetchrow("SELECT * FROM many WHERE id = $1", 1))
    await connection.execute("ALTER TABLE many DROP extra")
    print(await connection.fetchrow("SELECT * FROM many WHERE id = $1", 1))


async def transactions(connection):
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        print(await connection.fetchval("SHOW transaction_isolation"))
        cursor = await connection.cursor("SELECT n FROM generate_series(1, 500) n")
        print(await cursor.fetchrow(), len(await cursor.fetch(7)), await cursor.forward(10), await cursor.fetchrow())
        total = 0
        async for row in connection.cursor("SELECT n FROM generate_series(1, 1000) n", prefetch=31):
            total += row[0]
        print(total)
        try:
            async with connection.transaction():
                await connection.execute("INSERT INTO many VALUES (1 / 0)")
        except asyncpg.PostgresError as error:
            print(error.sqlstate)
        print(await connection.fetchval("SELECT 'after the savepoint'"))


async def copies(connection):
    records = [(n, "r" * (n % 300)) for n in range(20_000)]
    print(await connection.copy_records_to_table("many", records=records))
    out = io.BytesIO()
    print(await connection.copy_from_query("SELECT id, body FROM many ORDER BY id, body", output=out, format="csv"))
    print(hashlib.sha256(out.getvalue()).hexdigest()[:16])
    out.seek(0)
    print(await connection.copy_to_table("many", source=out, format="csv"))
    try:
        await connection.copy_to_table("many", source=io.BytesIO(b"x\ty\n" * 50_000))
    except asyncpg.PostgresError as error:
        print(error.sqlstate, error.context)

    async def broken():
        yield b"1\tx\n"
        raise KeyError("given up by the client")

    try:
        await connection.copy_to_table("many", source=broken())
    except KeyError as error:
        print(error, await connection.fetchval("SELECT count(*) FROM many"))


async def notified(connection, other):
    told = asyncio.get_running_loop().create_future()
    await connection.add_listener("asyncpg", lambda *notification: told.set_result(notification[1:]))
    await other.execute("NOTIFY asyncpg, 'hello'")
    pid, channel, payload = await told
    print("notify", pid == other.get_server_pid(), channel, payload)


async def cancelled(connection, other):
    print("pid", connection.get_server_pid() == await connection.fetchval("SELECT pg_backend_pid()"))
    for _ in range(5):
        try:
            await connection.fetchval("SELECT pg_sleep(60)", timeout=0.05)
        except asyncio.TimeoutError:
            print("timed out", await connection.fetchval("SELECT 1"))
    task = asyncio.create_task(connection.fetchval("SELECT pg_sleep(60)"))
    sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'"
    while not await other.fetchval(sql, connection.get_server_pid()):
        await asyncio.sleep(0)
    print(await other.fetchval("SELECT pg_cancel_backend($1)", connection.get_server_pid()))
    try:
        await task
    except asyncpg.QueryCanceledError as error:
        print(error)


async def pooled():
    async with asyncpg.create_pool(url, min_size=2, max_size=4, server_settings={"application_name": "pooled"}) as pool:
        async def one(n):
            async with pool.acquire() as connection:
                await connection.execute(f"SET work_mem = '{n + 1}MB'; SELECT pg_advisory_lock({n})")
                return await connection.fetchval("SELECT $1::int * 2", n)
        print(sum(await asyncio.gather(*(one(n) for n in range(100)))))
        print(await pool.fetchval("SHOW work_mem"), await pool.fetchval("SHOW application_name"))
        print(await pool.fetchval("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                                  "WHERE locktype = 'advisory' AND application_name = 'pooled'"))


async def main():
    first = await asyncpg.connect(url, server_settings={"search_path": "pg_catalog,public", "jit": "off"})
    second = await asyncpg.connect(url)
    print(first.get_server_version()[0], first.get_settings().is_superuser, await first.fetchval("SHOW search_path"))
    await types(second)
    await statements(first)
    await transactions(first)
    await copies(first)
    await notified(first, second)
    await cancelled(first, second)
    await pooled()
    ended = first.get_server_pid()
    first.terminate()
    while await second.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", ended):
        pass
    await second.close()
    try:
        await asyncpg.connect(url, password="wrong")
    except asyncpg.InvalidPasswordError as error:
        print(error)
    print("OK")


asyncio.run(main())
