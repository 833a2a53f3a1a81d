#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Changes of goroutines' states, as the kernel side records them: exactly as many as the program made. The long form is
# the same with every release.

load lib
load changes

setup()
{
	[ -x "$CHANGES" ] || fail "$CHANGES is not built; run make tests"
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
