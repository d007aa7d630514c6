# perl report.pl BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
use strict;
use warnings;
use Carp;

# SHIFT
sub share { my ($part, $whole) = @_; return $part / $whole; }
sub check { my ($value) = @_; confess "row $value is broken"; }

# SHIFT
my ($bug, $value) = @ARGV;
if ($bug eq 'division') { share($value, 0) }
if ($bug eq 'confess') { check($value) }
if ($bug eq 'die') { die "account $value is locked" }
if ($bug eq 'method') { my $object; $object->total($value) }
if ($bug eq 'module') { require Some::Missing::Module }
