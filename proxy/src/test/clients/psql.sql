-- What people write into scripts for psql. Its output has to be the same with and without the proxy.
\set QUIET on
\pset null '(null)'
SET lock_timeout = '5s';
DROP TABLE IF EXISTS item;
CREATE TABLE item (id int PRIMARY KEY, name text, price numeric(9,2));
COPY item FROM stdin;
1	one	1.50
2	tab\there	\N
3	zwölf	12.00
\.
\copy item TO 'item.csv' WITH (FORMAT csv, HEADER)
TRUNCATE item;
\copy item FROM 'item.csv' WITH (FORMAT csv, HEADER)
\copy (SELECT name FROM item ORDER BY id) TO stdout
TABLE item ORDER BY id;
COPY item TO stdout (FORMAT csv);
COPY item FROM stdin;
4	four	not a number
\.
-- several statements in one message, with and without an error, and the transaction that they make
SELECT 1 AS first \; SELECT 2 AS second \; INSERT INTO item VALUES (5, 'five', 5) RETURNING *;
INSERT INTO item VALUES (6, 'six', 6) \; SELECT 1/0 \; SELECT 'never';
SELECT count(*) AS "six is not there" FROM item;
BEGIN;
SAVEPOINT before;
SELECT broken;
SELECT 'refused';
ROLLBACK TO before;
SELECT 'goes on';
COMMIT;
\set VERBOSITY verbose
INSERT INTO item VALUES (1, 'again', 0);
\errverbose
\set VERBOSITY default
DO $$ BEGIN RAISE NOTICE 'told %', 1; RAISE WARNING 'warned' USING HINT = 'take care', ERRCODE = '01T42'; END $$;
-- cursors, also those that psql makes itself
\set FETCH_COUNT 7
SELECT sum(n), n % 3 AS rest FROM generate_series(1, 100) n GROUP BY rest ORDER BY rest;
SELECT md5(string_agg(n::text, ',')) FROM generate_series(1, 20) n, generate_series(1, 2) GROUP BY n ORDER BY n;
\unset FETCH_COUNT
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT generate_series(1, 10);
FETCH 3 FROM c;
FETCH BACKWARD 2 FROM c;
MOVE ABSOLUTE 9 IN c;
FETCH c;
COMMIT;
SELECT 'SELECT ' || n || ' AS made' FROM generate_series(1, 2) n \gexec
SELECT pg_backend_pid() AS pid \gset
SELECT :pid = pg_backend_pid() AS "the same session";
PREPARE p(int) AS SELECT $1 * 2 AS twice;
EXECUTE p(21);
\gdesc
SELECT 1::bigint AS big, 'x'::varchar(5) AS small \gdesc
LISTEN news;
NOTIFY news, 'payload';
UNLISTEN news;
NOTIFY news, 'nobody hears';
\lo_import item.csv
SELECT octet_length(lo_get(:LASTOID)) > 0 AS imported;
\lo_export :LASTOID exported
\! cmp exported item.csv && echo the same file
\lo_unlink :LASTOID
SET client_encoding = 'LATIN1';
SELECT convert_to('ö', 'LATIN1'), length('x');
RESET client_encoding;
SET standard_conforming_strings = off;
SELECT 'a\\b';
RESET ALL;
SHOW lock_timeout;
\d item
SELECT repeat('x', 3000000) AS long \gset
SELECT length(:'long'), md5(:'long');
;
EXPLAIN (COSTS off) SELECT * FROM item WHERE id = 1;
DROP TABLE item;
\echo OK
