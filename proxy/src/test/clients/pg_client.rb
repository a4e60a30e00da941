# Ruby's pg (libpq): prints what it gets, the same with and without the proxy. Argument: the address.
require 'digest'
require 'pg'

$stdout.sync = true
url = ARGV[0]
one = PG.connect(url)
other = PG.connect(url)

def failed
  yield
  'did not fail'
rescue PG::Error => e
  [e.class, e.result && e.result.error_field(PG::PG_DIAG_SQLSTATE), e.message.lines.first.strip]
end

p one.backend_pid == one.exec('SELECT pg_backend_pid()').getvalue(0, 0).to_i, one.server_version / 10_000
p one.exec_params('SELECT $1::int AS a, $2::text AS b', [1, nil]).to_a, one.exec('SELECT 1; SELECT 2 AS two').to_a
one.prepare('twice', 'SELECT $1::int * 2 AS n')
p (1..6).map { |n| one.exec_prepared('twice', [n]).getvalue(0, 0) }, one.describe_prepared('twice').ftype(0)
p failed { one.exec('SELECT 1/0') }, failed { one.exec_params('SELECT nothing') }
p failed { one.transaction { |c| c.exec('CREATE TABLE from_ruby (id int)'); c.exec('SELECT 1/0') } }
p one.exec("SELECT to_regclass('from_ruby')").values, one.transaction_status
# libpq's pipeline mode
one.enter_pipeline_mode
100.times { |n| one.send_query_params('SELECT 100 / ($1::int - 50) AS n', [n]) }
one.pipeline_sync
one.send_query_params('SELECT $1::text AS after', ['the error'])
one.send_flush_request if one.respond_to?(:send_flush_request)
one.pipeline_sync
seen = []
until seen.count(:sync) == 2
  result = one.get_result
  next seen << nil unless result
  case result.result_status
  when PG::PGRES_PIPELINE_SYNC then seen << :sync
  when PG::PGRES_PIPELINE_ABORTED then seen << :aborted
  else seen << (failed { result.check; seen << result.values }).then { |f| f == 'did not fail' ? :ok : f }
  end
end
one.exit_pipeline_mode
p seen.tally
# rows one by one, and COPY
one.send_query('SELECT n, repeat(\'r\', n) FROM generate_series(1, 2000) n')
one.set_single_row_mode
p one.get_result.stream_each.sum { |row| row['repeat'].length }
while one.get_result; end
one.exec('CREATE TEMP TABLE t (id int, body text)')
one.copy_data('COPY t FROM STDIN') { 5000.times { |n| one.put_copy_data("#{n}\t#{'c' * (n % 80)}\n") } }
digest = Digest::SHA256.new
one.copy_data('COPY (SELECT * FROM t ORDER BY id) TO STDOUT') { while (row = one.get_copy_data) do digest << row end }
p digest.hexdigest[0, 16]
p failed { one.copy_data('COPY t FROM STDIN') { one.put_copy_data("not a row\n") } }
# large objects, LISTEN, cancel
one.transaction do
  oid = one.lo_creat
  fd = one.lo_open(oid, PG::INV_READ | PG::INV_WRITE)
  p one.lo_write(fd, 'large' * 20_000), one.lo_lseek(fd, 99_990, PG::SEEK_SET), one.lo_read(fd, 99)
  one.lo_close(fd)
  one.lo_unlink(oid)
end
one.exec('LISTEN ruby')
other.exec("NOTIFY ruby, 'hello'")
one.wait_for_notify(30) { |channel, pid, payload| p [channel, pid == other.backend_pid, payload] }
2.times do
  one.send_query('SELECT pg_sleep(60)')
  asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = #{one.backend_pid}"
  nil until other.exec(asleep).getvalue(0, 0) == '1'
  p one.cancel, failed { one.get_last_result }, one.exec("SELECT 'alive'").values
end
one.reset
p one.exec('SELECT 1').values, one.backend_pid == one.exec('SELECT pg_backend_pid()').getvalue(0, 0).to_i
one.close
other.close
p failed { PG.connect(url.sub('sesame', 'wrong')) }.last.include?('password authentication failed')
puts 'OK'
