#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A tracer that is killed just when it puts its probes in or takes them out leaves none behind.

load lib
load harm

setup_file()
{
	build_go "$ROOT/tests/live/programs/busy" busy || :
}

setup()
{
	require_root
	probes_remember
	STRIKE=$BATS_TEST_TMPDIR/strike
	"${CC:-gcc}" -Wall -Wextra -Werror -O2 -o "$STRIKE" "$ROOT/tests/live/programs/strike/strike.c"
	busy_start
	code_is_whole
}

teardown()
{
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	no_probes_left
}

# killed: the tracer was, and nothing of it is left.
killed()
{
	wait "$STRIKER" || fail "strike: exit status $?"
	wait "$TRACER" 2>/dev/null || status=$?
	[ "$status" = 137 ] || fail "exit status $status: $(cat "$TRACER_ERR")"
	wait_for 20 code_is_whole || fail "breakpoints are left"
	busy_is_alive || fail "$(tail -n 40 "$BUSY_OUT" "$BUSY_ERR")"
}

# strikes HOW: begins to look, against the tracer that was started last.
strikes()
{
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	status=0
	start "$STRIKE" "$1" "$BUSY" "$BUSY_PID" "$TRACER"
	STRIKER=$STARTED_PID
}

@test "killed while it attaches: what was attached goes" {
	for _ in 1 2 3; do
		start "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
		strikes in
		killed
	done
}

@test "killed while it detaches: the rest goes, too" {
	for _ in 1 2 3; do
		start "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
		wait_for 30 attached "$STARTED_ERR"
		strikes out
		killed
	done
}
