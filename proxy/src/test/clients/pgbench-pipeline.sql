-- libpq's pipeline mode: all of it is sent before the first answer is read.
\set delta random(1, 100)
\set id random(1, 5)
\startpipeline
BEGIN;
INSERT INTO piped_history VALUES (:id, :delta);
UPDATE piped SET total = total + :delta WHERE id = :id;
SELECT total FROM piped WHERE id = :id;
COMMIT;
\endpipeline
SELECT 1;
\startpipeline
SELECT :delta;
SELECT :delta + 1;
\endpipeline
