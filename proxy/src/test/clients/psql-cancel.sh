#!/usr/bin/env bash
# Ctrl-C in psql: what runs is cancelled, and psql says so. Argument: the address.
set -euo pipefail
psql -X -d "$1" -Atq -c "SET application_name = 'to be cancelled'" -c 'SELECT pg_sleep(60)' 2>&1 &
victim=$!
until [ "$(psql -X -d "$1" -Atqc "SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'to be cancelled' AND wait_event = 'PgSleep'")" = 1 ]; do kill -0 $victim; done
kill -INT $victim
wait $victim && code=0 || code=$?
echo "code $code"
psql -X -d "$1" -Atqc "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'to be cancelled'
    AND state = 'active'"
echo OK
