# Perl's DBD::Pg (libpq): prints what it gets, the same with and without the proxy. Argument: the address.
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:async);
use Digest::MD5 qw(md5_hex);

$| = 1;
my ($user, $password, $host, $port, $name) = $ARGV[0] =~ m{^postgresql://(.+):(.+)\@(.+):(\d+)/(.+)$} or die;
my $dsn = "dbi:Pg:host=$host;port=$port;dbname=$name";
my %how = (AutoCommit => 1, RaiseError => 1, PrintError => 0);
my $db = DBI->connect($dsn, $user, $password, {%how});
my $other = DBI->connect($dsn, $user, $password, {%how});

sub say_all { print join(' ', map { !defined $_ ? 'null' : ref $_ ? '[' . join(',', map { $_ // 'null' } @$_) . ']' : $_ } @_), "\n" }

sub failed {
    my ($work) = @_;
    eval { $work->(); 1 } and return 'did not fail';
    return $DBI::state . ' ' . $DBI::errstr;
}

say_all('pid', $db->{pg_pid} == $db->selectrow_array('SELECT pg_backend_pid()'), $db->ping);
my $twice = $db->prepare('SELECT ?::int * 2, ?::text');
say_all($db->selectrow_array($twice, undef, $_, "t$_")) for 1 .. 6;
$twice->finish;
$db->do('CREATE TEMP TABLE t (id int, body text)');
my $insert = $db->prepare('INSERT INTO t VALUES (?, ?) RETURNING id');
$insert->execute($_, 'x' x $_) for 1 .. 50;
$insert->finish;
say_all($db->selectrow_array('SELECT count(*), sum(length(body)) FROM t'));
say_all(failed(sub { $db->do('SELECT 1/0') }));
say_all(failed(sub { $db->do('INSERT INTO missing VALUES (?)', undef, 1) }));
$db->begin_work;
$db->do('DELETE FROM t');
$db->pg_savepoint('here');
say_all(failed(sub { $db->do('SELECT nothing') }), $db->state);
$db->pg_rollback_to('here');
say_all($db->selectrow_array('SELECT count(*) FROM t'));
$db->rollback;
$db->do('COPY t FROM STDIN');
$db->pg_putcopydata("$_\t" . ('c' x ($_ % 90)) . "\n") for 1 .. 5000;
$db->pg_putcopyend;
$db->do('COPY (SELECT * FROM t ORDER BY id, body) TO STDOUT');
my ($all, $line) = ('', '');
$all .= $line while $db->pg_getcopydata($line) >= 0;
say_all(length $all, md5_hex($all));
$db->begin_work;
my $oid = $db->pg_lo_creat($db->{pg_INV_WRITE} // 0x20000);
my $fd = $db->pg_lo_open($oid, 0x60000);
my $end = '';
say_all($db->pg_lo_write($fd, 'large' x 20000, 100_000), $db->pg_lo_lseek($fd, 99_995, 0));
say_all($db->pg_lo_read($fd, $end, 99), $end);
$db->rollback;
$db->do('LISTEN perl');
$other->do("NOTIFY perl, 'hello'");
my $told;
$told = $db->pg_notifies until $told;
say_all($told->[0], $told->[1] == $other->{pg_pid}, $told->[2]);
for my $n (1, 2) {
    $db->do('SELECT pg_sleep(60)', {pg_async => PG_ASYNC});
    my $asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = ?";
    1 until $other->selectrow_array($asleep, undef, $db->{pg_pid});
    say_all('cancelled', $db->pg_cancel, $db->selectrow_array("SELECT 'alive'"));
}
$_->disconnect for $db, $other;
say_all(failed(sub { DBI->connect($dsn, $user, 'wrong', {%how}) }) =~ /password authentication failed/);
print "OK\n";
