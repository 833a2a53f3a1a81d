#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that overwrite their own code, before and while they are traced.

load lib

setup()
{
	require_root
	probes_remember
	program=$(build_go "$ROOT/tests/live/programs/patched" patched)
	mkfifo "$BATS_TEST_TMPDIR/in"
	start bash -c "exec '$program' <'$BATS_TEST_TMPDIR/in'"
	exec 4>"$BATS_TEST_TMPDIR/in"
	pid=$STARTED_PID out=$STARTED_OUT program_err=$STARTED_ERR
	wait_for 10 grep -q ready "$out"
}

teardown()
{
	exec 4>&-
	stop_all
	no_probes_left
}

# step WORD RESULT: the program does it, and its function gives that.
step()
{
	local before

	before=$(wc -l <"$out")
	echo "$1" >&4
	wait_for 10 said_more "$before" || fail "$(cat "$out" "$program_err")"
	[ "$(tail -n 1 "$out")" = "$1 $2 other a" ] || fail "$(cat "$out" "$program_err")"
}

said_more()
{
	[ "$(wc -l <"$out")" -gt "$1" ] || ! kill -0 "$pid"
}

traces()
{
	start "$FTRACE" --format jsonl -o "$BATS_TEST_TMPDIR/trace" "$@"
	tracer=$STARTED_PID err=$STARTED_ERR
	wait_for 30 attached "$err"
}

@test "patched before: left out, and said, the others are traced" {
	step patch fake
	traces -u main.load -u main.other -p "$pid"
	expect "$err" "ftrace: 1 function is patched in PID $pid: left out (main.load)"
	step call fake
	step restore 'real a'
	step call 'real a'
	stop "$tracer" INT
	expect_json '[.[] | select(.type == "call") | .func] | unique' '["main.other"]' "$BATS_TEST_TMPDIR/trace"
	step call 'real a'
}

@test "every chosen function is patched: an error" {
	step patch fake
	run bounded "$FTRACE" -u main.load -p "$pid"
	[ "$status" = 1 ]
	[[ $output == *": all functions that were chosen are patched in a running process; choose others" ]] ||
		fail "$output"
}

@test "a breakpoint of its own: that function is left out, and the breakpoint stays" {
	step trap 'real a'
	traces -u main.never -u main.other "$program"
	expect "$err" "ftrace: 1 function is patched in PID $pid: left out (main.never)"
	step call 'real a'
	stop "$tracer" INT
	run "$FTRACE" repair -p "$pid"
	[ "$status" = 0 ]
	[[ $output == *": 1 breakpoint left: the program wrote there itself"* ]] || fail "$output"
}

@test "patched meanwhile: it works, the end says so" {
	traces -u main.load -u main.other -p "$pid"
	step call 'real a'
	step patch fake
	step call fake
	stop "$tracer" INT
	expect "$err" "ftrace: PID $pid overwrote main.load while it was traced"
	step call fake
}

@test "patched and restored meanwhile: right, during the trace and after it" {
	traces -u main.load -u main.other -p "$pid"
	step patch fake
	step restore 'real a'
	step call 'real a'
	stop "$tracer" INT
	! grep -q overwrote "$err"
	step call 'real a'
}

@test "a patch that outlives one trace is left out of the next" {
	traces -u main.load -p "$pid"
	step patch fake
	stop "$tracer" INT
	traces -u main.other -u main.load "$program"
	expect "$err" "left out (main.load)"
	stop "$tracer" INT
	! grep -q overwrote "$err"
	step call fake
}
