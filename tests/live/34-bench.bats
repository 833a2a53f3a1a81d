#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the bench says of its figures: not how large they are, but whether they are worse than the table in
# docs/performance.md has them.

load lib

# row NAME UNIT RATIO: a line as the table has it, all numbers but the ratio alike.
row()
{
	printf '%-50s %7s %9s %9s %9s %9s %7s %8s  %s\n' "$1" "$2" 100 200 -300.5 200 "$3" '<= 500' 'empty program'
}

table()
{
	printf '%-50s %7s %9s %9s %9s %9s %7s %8s  %s\n' FIGURE UNIT MIN MEDIAN MAX REF RATIO GOAL REFERENCE
	row 'a call, no values' ns "$1"
	row '  above the empty program' ns "$2"
	row 'a call, a string' ns 2.00
	row '  above the empty program' ns "$3"
	row 'requests, bare' req/s -
	row "requests, -u 'main.*'" req/s "$4"
	row "first event of a large program ($5 MB)" ms "$6"
}

worse()
{
	awk -v slack=0.05 -f "$ROOT/tests/bench/worse.awk" "$BATS_TEST_TMPDIR/was.md" <(table "$@")
}

setup()
{
	{
		printf '# What it costs\n\n    sudo make bench\n\nA call takes 100 ns 1 2 3 4 5 6.\n\n'
		table 1.00 0.04 0.50 0.50 80 2.00 | sed 's/^/    /'
		printf '\n## Goals\n\n| a call, no values | ns 1 2 3 4 9 |\n'
	} >"$BATS_TEST_TMPDIR/was.md"
}

@test "bench: what is as it was, or better, or a tenth worse, is not said" {
	[ -z "$(worse 1.00 0.04 0.50 0.50 80 2.00)" ]
	[ -z "$(worse 0.50 0.01 0.10 0.90 80 1.00)" ]
	[ -z "$(worse 1.10 0.04 0.55 0.45 80 2.20)" ]
}

@test "bench: what is more than a tenth worse is said, each under its own name" {
	[ "$(worse 1.11 0.04 0.50 0.50 80 2.00)" = "worse: a call, no values: 1.11, was 1.00" ]
	[ "$(worse 1.00 0.04 0.60 0.50 80 2.00)" = \
		"worse: a call, a string, above the empty program: 0.60, was 0.50" ]
	[ "$(worse 1.00 0.04 0.50 0.50 83 2.21)" = \
		"worse: first event of a large program (83 MB): 2.21, was 2.00" ]
}

@test "bench: of a rate less is worse" {
	[ "$(worse 1.00 0.04 0.50 0.44 80 2.00)" = "worse: requests, -u 'main.*': 0.44, was 0.50" ]
}

@test "bench: a small ratio may be off by a twentieth of its reference" {
	[ -z "$(worse 1.00 0.08 0.50 0.50 80 2.00)" ]
	[ -n "$(worse 1.00 0.10 0.50 0.50 80 2.00)" ]
}

@test "bench: the table of docs/performance.md is one that can be compared with" {
	local n

	# Every ratio that it has made a thousand: each is found again, and got worse.
	n=$(awk -v slack=0.05 -f "$ROOT/tests/bench/worse.awk" "$ROOT/docs/performance.md" \
		<(sed -nE 's/^    (.* )[0-9]+\.[0-9][0-9]( +([-<>]|<=) .*)$/\11000.00\2/p' "$ROOT/docs/performance.md") |
		grep -c '^worse: .*: 1000.00, was ')
	[ "$n" -gt 20 ] || fail "$n figures"
}
