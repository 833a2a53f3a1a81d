#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The program that is traced is never harmed: tracers come and go, are interrupted and killed at any
# moment, and it goes on, with right answers. HARM_CYCLES says how often each build (`make test-harm
# CYCLES=2000`), HARM_SEED begins the random numbers.

load lib
load harm

setup()
{
	require_root
	probes_remember
}

teardown()
{
	stop_all
	no_probes_left
}

@test "a busy program survives tracers that are interrupted and killed" {
	harm "${HARM_CYCLES:-20}"
}

@test "the same under the race detector" {
	CGO_ENABLED=1 harm "${HARM_CYCLES:-10}" local -race
}

@test "the same, position independent and without symbols" {
	harm "${HARM_CYCLES:-10}" local -buildmode=pie '-ldflags=-s -w'
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
