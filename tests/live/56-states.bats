#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Changes of goroutines' states, as the kernel side records them: exactly as many as the program made. The long form is
# the same with every release.

load lib

setup()
{
	CHANGES=$BUILD/changes/changes
	[ -x "$CHANGES" ] || fail "$CHANGES is not built; run make tests"
}

# counted PROGRAM GLOB ARGUMENT...: what the records come to, in $output, a line each; none lost, none that contradicts another.
counted()
{
	local program=$1 glob=$2

	shift 2
	run timeout -s KILL 120 "$CHANGES" "$glob" "$program" "$@"
	[ "$status" = 0 ]
	grep -qx $'lost\t0' <<<"$output"
	grep -qx $'broken\t0' <<<"$output"
}

# near FROM TO NUMBER: so many changes, and a few more that the scheduler makes.
near()
{
	local got

	got=$(awk -v from="$1" -v to="$2" '$1 == "change" && $2 == from && $3 == to { print $4 }' <<<"$output")
	[ "${got:-0}" -ge "$3" ] && [ "$got" -le $(($3 + $3 / 50 + 20)) ] || fail "$1 to $2: ${got:-0}, not $3:
$output"
}

# exact FROM TO NUMBER
exact()
{
	grep -qx "change	$1	$2	$3" <<<"$output" || fail "not $3 from $1 to $2:
$output"
}

# round_trips and calls of the system, with one P: it is certain then who waits.
all_counted()
{
	counted "$1" main.inside -procs 1 channel 2000
	near 2 4 2000
	near 4 1 2000
	near 1 2 2000
	[ "$(awk '$1 == "waker" { n++; name = $2 } END { print n, name }' <<<"$output")" = "1 main.echo" ]
	counted "$1" main.inside -procs 1 syscall 2000
	exact 2 3 2000
	exact 3 2 2000
}

@test "round trips through channels and system calls are counted exactly, in three releases" {
	local release program

	for release in go1.19.13 go1.23.12 local; do
		program=$(build_go "$ROOT/tests/targets/states" "states.$release" "$release")
		all_counted "$program"
	done
}

@test "the same without optimization, and stripped" {
	local program

	program=$(build_go "$ROOT/tests/targets/states" states.unoptimized local "-gcflags=all=-N -l")
	all_counted "$program"
	program=$(build_go "$ROOT/tests/targets/states" states.stripped local "-ldflags=-s -w")
	all_counted "$program"
}

@test "a coroutine changes its state without the scheduler" {
	local program

	program=$(build_go "$ROOT/tests/targets/states" states.iter "$(go_from 23 go1.23.12)")
	counted "$program" main.inside -procs 1 iter 2000
	near 2 4 2000
	near 4 2 2000
}

@test "no change of a goroutine without an open call is recorded" {
	local program

	program=$(build_go "$ROOT/tests/targets/states" states.local local)
	counted "$program" main.inside -outside channel 2000
	[ "$(grep -c ^change <<<"$output")" = 0 ]
	counted "$program" main.echo -procs 1 channel 2000
	near 2 4 2000
}

@test "list shows the places" {
	local program

	program=$(build_go "$ROOT/tests/targets/states" states.local local)
	run "$FTRACE" list --waits -u main.inside "$program"
	[ "$status" = 0 ]
	grep -qE '^runtime\.casgstatus +[0-9]+  cheap    any$' <<<"$output"
	grep -qE '^runtime\.casGToPreemptScan +[0-9]+  cheap    running to preempted$' <<<"$output"
	run "$FTRACE" list --waits -u main.inside --format jsonl "$program"
	[ "$status" = 0 ]
	jq -e -s 'map(select(.type == "state" and .func == "runtime.casGToPreemptScan")) | length == 1 and
		.[0].from == "running" and .[0].to == "preempted" and .[0].probe == "cheap"' <<<"$output"
	# Without --waits nothing of it.
	run "$FTRACE" list -u main.inside "$program"
	[ "$(grep -c casgstatus <<<"$output")" = 0 ]
}

@test "--summary=only --waits adds up in the kernel where the time of calls went" {
	local program

	program=$(build_go "$ROOT/tests/targets/states" states.local local)
	"$FTRACE" -q -u main.inside --waits --summary=only --format jsonl -o "$BATS_TEST_TMPDIR/trace" \
		"$program" -- syscall 2000
	jq -e -s 'map(select(.type == "function")) | length == 1 and (.[0] | .total == .run + .wait + .syscall and
		.syscall > 0 and .run > 0)' "$BATS_TEST_TMPDIR/trace"
	"$FTRACE" -q -u main.inside -u main.echo --waits --summary=only --format jsonl \
		-o "$BATS_TEST_TMPDIR/trace" "$program" -- -procs 1 channel 2000
	jq -e -s 'map(select(.type == "function")) | length == 2 and
		all(.[]; .total == .run + .wait + .syscall and .wait > 0 and .run > 0)' "$BATS_TEST_TMPDIR/trace"
	jq -e -s '.[-1].records == 0' "$BATS_TEST_TMPDIR/trace"
	# Without --waits there are no such fields.
	"$FTRACE" -q -u main.inside --summary=only --format jsonl -o "$BATS_TEST_TMPDIR/trace" \
		"$program" -- syscall 20
	jq -e -s 'all(.[]; has("run") | not)' "$BATS_TEST_TMPDIR/trace"
}
