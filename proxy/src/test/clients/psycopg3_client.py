"""psycopg 3 (libpq): prints what it gets, the same with and without the proxy. Argument: the address."""
import asyncio
import hashlib
import sys
import threading

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

url = sys.argv[1]


def pipelined(connection):
    """libpq's pipeline mode: everything is sent before the first answer is read."""
    with connection.pipeline() as pipeline:
        cursors = [connection.execute("SELECT %s::int, repeat('p', %s)", (n, n)) for n in range(200)]
        print(sum(len(c.fetchone()[1]) for c in cursors))
        pipeline.sync()
        connection.execute("CREATE TEMP TABLE piped (id int PRIMARY KEY)")
        many = connection.cursor()
        many.executemany("INSERT INTO piped VALUES (%s) RETURNING id", [(n,) for n in range(1000)], returning=True)
        total = 0
        while True:
            total += many.fetchone()[0]
            if not many.nextset():
                break
        print(total)


def errors_inside_a_pipeline(connection):
    with connection.pipeline():
        good = connection.execute("SELECT 'before'")
        try:
            connection.execute("SELECT 1/0").fetchone()
        except errors.DivisionByZero as error:
            print(error.sqlstate, good.fetchone())
    connection.rollback()
    with connection.pipeline() as pipeline:
        pipes = []
        for n in (1, 0, 2):
            try:
                with connection.transaction():
                    answer = connection.execute("SELECT 10 / %s::int", (n,))
                    pipeline.sync()
                    pipes.append(answer.fetchone())
            except errors.DivisionByZero:
                pipes.append("divided")
        print(pipes)


def prepared(connection):
    for n in range(12):
        print(connection.execute("SELECT %s::int * 3, %s::text", (n, "x"), prepare=n > 2).fetchone(), end=" ")
    print(connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] > 0)
    connection.execute("CREATE TEMP TABLE changing (a int)")
    for _ in range(3):
        connection.execute("SELECT * FROM changing", prepare=True)
    connection.commit()
    connection.execute("ALTER TABLE changing ADD b int")
    connection.commit()
    try:
        print(connection.execute("SELECT * FROM changing", prepare=True).fetchall())
    except psycopg.Error as error:
        print(error.sqlstate, error.diag.message_primary)
    connection.rollback()
    connection.execute("DEALLOCATE ALL")
    connection.commit()


def binary_and_text(connection):
    with connection.cursor(binary=True, row_factory=dict_row) as cursor:
        cursor.execute("SELECT %b::int8 AS a, %t::jsonb AS b, %b::bytea AS c, ARRAY[1.5, 2]::numeric[] AS d",
                       (2 ** 40, '{"k": [1, null]}', bytes(range(256))))
        print(cursor.fetchone())


def server_cursors(connection):
    with connection.cursor("server", scrollable=True) as cursor:
        cursor.execute("SELECT n FROM generate_series(1, 1000) n")
        print(len(cursor.fetchmany(300)), cursor.fetchone())
        cursor.scroll(0, mode="absolute")
        print(sum(row[0] for row in cursor))
    print(sum(row[0] for row in connection.cursor().stream("SELECT n FROM generate_series(1, 5000) n")))
    connection.commit()


def copies(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TEMP TABLE copied (id int, body bytea)")
    with cursor.copy("COPY copied FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "bytea"])
        for n in range(2000):
            copy.write_row((n, bytes([n % 256]) * (n % 700)))
    hashed = hashlib.sha256()
    with cursor.copy("COPY copied TO STDOUT") as copy:
        for block in copy:
            hashed.update(block)
    print(cursor.rowcount, hashed.hexdigest()[:16])
    connection.commit()
    try:
        with cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write("1\t\\\\x00\n")
            raise KeyError("given up by the client")
    except errors.QueryCanceled as error:
        print(error.sqlstate, error.diag.message_primary, connection.info.transaction_status.name)
    connection.rollback()
    try:
        with cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write("not a row\n" * 100_000)
    except psycopg.Error as error:
        print(error.sqlstate, error.diag.context)
    connection.rollback()


def notified(connection, other):
    connection.autocommit = other.autocommit = True
    connection.execute("LISTEN psycopg3")
    other.execute("NOTIFY psycopg3, 'hello'")
    told = next(connection.notifies())
    print("notify", told.channel, told.payload, told.pid == other.info.backend_pid)


def cancelled(connection, other):
    def cancel():
        sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        while not other.execute(sql, (connection.info.backend_pid,)).fetchone()[0]:
            pass
        connection.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    try:
        connection.execute("SELECT pg_sleep(60)")
    except errors.QueryCanceled as error:
        print(error.sqlstate, error)
    thread.join()
    print(connection.execute("SELECT 'alive', pg_backend_pid() = %s", (connection.info.backend_pid,)).fetchone())


async def asynchronous():
    async with await psycopg.AsyncConnection.connect(url) as connection:
        async with connection.pipeline():
            cursors = [await connection.execute("SELECT %s::int", (n,)) for n in range(50)]
            print(sum([(await cursor.fetchone())[0] for cursor in cursors]))


first = psycopg.connect(url)
second = psycopg.connect(url)
print(first.info.parameter_status("server_encoding"), first.info.parameter_status("in_hot_standby"),
      first.info.parameter_status("is_superuser"), first.info.user)
pipelined(first)
errors_inside_a_pipeline(first)
first.rollback()
prepared(first)
binary_and_text(first)
server_cursors(first)
copies(first)
notified(first, second)
cancelled(first, second)
asyncio.run(asynchronous())
first.close()
second.close()
print("OK")
