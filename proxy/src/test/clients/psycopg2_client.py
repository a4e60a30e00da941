"""psycopg 2 (libpq): prints what it gets, the same with and without the proxy. Argument: the address."""
import hashlib
import io
import select
import sys
import threading

import psycopg2
from psycopg2 import errors, extensions, extras

url = sys.argv[1]


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(connection):
    cursor = connection.cursor()
    cursor.execute("SELECT %s, %s::text, %s", (1, "zwölf", [1, None, 3]))
    print(cursor.fetchall(), cursor.description[0].name, cursor.description[0].type_code, cursor.statusmessage)
    cursor.execute("SELECT pg_backend_pid()")
    print("pid", cursor.fetchone()[0] == connection.get_backend_pid())
    cursor.execute("CREATE TEMP TABLE t (id int, body text)")
    extras.execute_values(cursor, "INSERT INTO t VALUES %s", [(n, "x" * n) for n in range(500)], page_size=100)
    cursor.execute("SELECT count(*), sum(length(body)) FROM t")
    print(cursor.fetchone())
    connection.commit()


def errors_and_notices(connection):
    cursor = connection.cursor()
    for sql in ("SELECT 1/0", "SELECT nothing", "INSERT INTO missing VALUES (1)", "SELEKT"):
        try:
            cursor.execute(sql)
        except psycopg2.Error as error:
            print(type(error).__name__, error.pgcode, error.diag.message_primary, error.diag.statement_position,
                  error.diag.source_function)
        connection.rollback()
    cursor.execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE NOTICE 'two'; END $$")
    print(connection.notices)
    print(connection.get_transaction_status() == extensions.TRANSACTION_STATUS_INTRANS)
    connection.rollback()


def cursors(connection):
    with connection.cursor("named", scrollable=True) as cursor:
        cursor.itersize = 17
        cursor.execute("SELECT n, repeat('y', n) FROM generate_series(1, 100) n")
        print(sum(n + len(body) for n, body in cursor))
        cursor.scroll(10, mode="absolute")
        print(cursor.fetchone())
    connection.commit()
    held = connection.cursor("held", withhold=True)
    held.execute("SELECT generate_series(1, 5)")
    connection.commit()
    print(held.fetchall())
    held.close()
    connection.rollback()


def copies(connection):
    cursor = connection.cursor()
    rows = "".join(f"{n}\t{'z' * (n % 200)}\n" for n in range(30_000))
    cursor.execute("TRUNCATE t")
    cursor.copy_expert("COPY t FROM STDIN", io.StringIO(rows))
    out = io.StringIO()
    cursor.copy_expert("COPY (SELECT * FROM t ORDER BY id) TO STDOUT", out)
    print(cursor.rowcount, digest(rows), digest(out.getvalue()))
    try:
        cursor.copy_expert("COPY t FROM STDIN", io.StringIO(rows + "not\ta\trow\n"))
    except psycopg2.Error as error:
        print(error.pgcode, error.diag.context)
    connection.rollback()


def large_objects(connection):
    big = connection.lobject(0, "wb")
    print(big.write(b"abc" * 700_000), big.seek(0, 2))
    again = connection.lobject(big.oid, "rb")
    again.seek(2_099_990)
    print(again.read(), again.tell())
    again.close()
    big.unlink()
    connection.rollback()


def notifications(connection, other):
    for one in (connection, other):
        one.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    connection.cursor().execute("LISTEN psycopg2")
    other.cursor().execute("SELECT pg_notify('psycopg2', repeat('n', 7000))")
    while not connection.notifies:
        select.select([connection], [], [], 30)
        connection.poll()
    told = connection.notifies.pop()
    print("notify", told.pid == other.get_backend_pid(), told.channel, len(told.payload))


def cancelled(connection, other):
    connection.autocommit = other.autocommit = True

    def cancel():
        watch = other.cursor()
        count = 0
        while not count:
            watch.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'",
                          (connection.get_backend_pid(),))
            count = watch.fetchone()[0]
        connection.cancel()

    for _ in range(2):
        thread = threading.Thread(target=cancel)
        thread.start()
        try:
            connection.cursor().execute("SELECT pg_sleep(60)")
        except errors.QueryCanceled as error:
            print(error.pgcode, str(error).strip())
        thread.join()


def two_phases(connection, other):
    xid = connection.xid(1, f"psycopg2-{connection.get_backend_pid()}", "branch")
    for end in (other.tpc_commit, other.tpc_rollback):
        connection.tpc_begin(xid)
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE two_phases (id int)")
        connection.tpc_prepare()
        connection.reset()
        print("prepared", any(x.gtrid == xid.gtrid for x in other.tpc_recover()))
        other.rollback()
        end(xid)
        cursor.execute("DROP TABLE IF EXISTS two_phases")
        connection.commit()
        print(connection.notices[-1])


def asynchronous():
    connection = psycopg2.connect(url, async_=True)
    extras.wait_select(connection)
    cursor = connection.cursor()
    cursor.execute("SELECT 'asynchronous'")
    extras.wait_select(connection)
    print(cursor.fetchone())
    connection.close()


first = psycopg2.connect(url, application_name="psycopg2", options="-c work_mem=7MB -c statement_timeout=50s")
second = psycopg2.connect(url)
print(first.protocol_version, first.encoding, first.get_parameter_status("TimeZone"),
      first.get_parameter_status("application_name"))
options = first.cursor()
options.execute("SHOW work_mem")
print(options.fetchone())
plain(first)
errors_and_notices(first)
cursors(first)
copies(first)
large_objects(first)
two_phases(first, second)
notifications(first, second)
cancelled(first, second)
asynchronous()
first.close()
second.close()
try:
    psycopg2.connect(url, password="not the password")
except psycopg2.OperationalError as error:
    print("password authentication failed for user" in str(error))
print("OK")
