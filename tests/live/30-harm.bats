#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The program that is traced is never harmed: tracers come and go, are interrupted and killed at any
# moment, and it goes on, with right answers. HARM_CYCLES says how often each build (`make test-harm
# CYCLES=2000`), HARM_SEED begins the random numbers.

load lib
load harm

# A copy, so that a long run is not disturbed when somebody builds meanwhile. What takes long is built here, where
# no test's time runs out; one that does not build fails its tests.
setup_file()
{
	cp "$FTRACE" "$BATS_FILE_TMPDIR/ftrace"
	build_go "$ROOT/tests/live/programs/busy" busy || :
	CGO_ENABLED=1 build_go "$ROOT/tests/live/programs/busy" busy local -race || :
}

setup()
{
	require_root
	FTRACE=$BATS_FILE_TMPDIR/ftrace
	probes_remember
}

teardown()
{
	stop_all
	no_probes_left
}

@test "a busy program survives tracers that are interrupted and killed" {
	harm "${HARM_CYCLES:-8}"
}

@test "the same under the race detector" {
	CGO_ENABLED=1 harm "${HARM_CYCLES:-4}" local -race
}

@test "the same, position independent and without symbols" {
	harm "${HARM_CYCLES:-4}" local -buildmode=pie '-ldflags=-s -w'
}

@test "a breakpoint that is left in the code would be seen" {
	local before

	busy_start
	code_is_whole
	start "$FTRACE" -o /dev/null -u main.mix -p "$BUSY_PID"
	wait_for 20 attached "$STARTED_ERR"
	run code_is_whole
	[ "$status" != 0 ]
	stop "$STARTED_PID" INT
	wait_for 20 code_is_whole
	busy_is_alive
}

# Stacks per CPU are another thread's as soon as one sleeps: what was on it is followed all the same.
@test "programs run on the stack of the thread that hit the probe" {
	local stacks=$BATS_TEST_TMPDIR/stacks

	"${CC:-gcc}" -Wall -Wextra -Werror -o "$stacks" "$ROOT/tests/live/programs/stacks/stacks.c" -lbpf
	busy_start
	start "$FTRACE" -o /dev/null -u main.mix -p "$BUSY_PID"
	wait_for 20 attached "$STARTED_ERR"
	run "$stacks" ftrace_
	[ "$status" = 0 ] || fail "$output"
	[[ $output == *"ftrace_entry 0"* && $output == *"ftrace_exit 0"* ]] || fail "$output"
	[[ $output == *"ftrace_recover 0"* && $output == *"ftrace_goexit 0"* && $output == *"ftrace_panic 0"* ]] || fail "$output"
	stop "$STARTED_PID" INT
}
