#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What older kernels have instead: FTRACE_WITHOUT takes features away (src/probe/features.h).

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	PAIR=(--format=jsonl -u main.work -u main.inner)
}

teardown()
{
	stop_all
	no_probes_left
}

# core: starting, attaching to one and to two of three processes, ending, a death.
core()
{
	local one two

	traced 3 "${PAIR[@]}" -u main.nest --exec "$STEPS" -- work 20 each 10 nest 20 spawn work 5 exit 3 ||
		traced 0 "${PAIR[@]}" -u main.nest --exec "$STEPS" -- work 20 each 10 nest 20 spawn work 5
	sound "$FTRACE_OUT"
	nothing_lost "$FTRACE_OUT"
	[ "$(count main.work)" = 30 ]
	[ "$(count main.nest)" = 20 ]
	traced 0 "${PAIR[@]}" --exec "$STEPS" -- work 2 become work 3
	[ "$(count main.work)" = 5 ]

	start "$STEPS" touch "$TMP/1" await "$TMP/go" work 4 each 3 spawn work 10
	one=$STARTED_PID
	start "$STEPS" touch "$TMP/2" await "$TMP/go" work 5 kill 9
	two=$STARTED_PID
	start "$STEPS" touch "$TMP/3" await "$TMP/go" work 100
	wait_for 10 test -e "$TMP/1"
	wait_for 10 test -e "$TMP/2"
	wait_for 10 test -e "$TMP/3"
	start_traced "${PAIR[@]}" -p "$one,$two"
	touch "$TMP/go"
	ended 0 "$TRACER"
	sound "$TRACE"
	expect_json "[.[] | select(.func == \"main.work\" and .pid == $one)] | length" 7 "$TRACE"
	expect_json "[.[] | select(.func == \"main.inner\" and .pid == $two)] | length" 5 "$TRACE"
	[ "$(count main.work "$TRACE")" = 12 ]

	start_traced "${PAIR[@]}" "$STEPS"
	"$STEPS" work 3 spawn work 4
	stop "$TRACER" TERM
	[ "$(count main.work "$TRACE")" = 7 ]
	sound "$TRACE"

	start_traced "${PAIR[@]}" "$STEPS" -- work 3 touch "$TMP/killed" await "$TMP/on" work 9 touch "$TMP/done"
	wait_for 10 test -e "$TMP/killed"
	kill -KILL "$TRACER"
	ended 137 "$TRACER"
	touch "$TMP/on"
	wait_for 20 test -e "$TMP/done"
}

@test "with all that this kernel has" { core; }
@test "without the PID filter" { FTRACE_WITHOUT=pid_filter core; }
@test "without uprobe_multi" { FTRACE_WITHOUT=uprobe_multi core; }
@test "without sleepable programs and register writes" { FTRACE_WITHOUT=sleepable,write_regs core; }
@test "without anything" { FTRACE_WITHOUT=uprobe_multi,pid_filter,sleepable,write_regs core; }

@test "-v says what is missing" {
	FTRACE_WITHOUT=uprobe_multi traced 0 -v -u main.work --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" "kernel: perf-event uprobes, no PID filter"
	FTRACE_WITHOUT=sleepable traced 0 -v -u main.work --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" "no sleepable programs"
	# Only whole words count, and nothing can be added.
	FTRACE_WITHOUT=uprobe,multi,,x traced 0 -v -u main.work --exec "$STEPS" -- work 1
	unset FTRACE_WITHOUT
	grep kernel: "$FTRACE_ERR" >"$TMP/odd"
	traced 0 -v -u main.work --exec "$STEPS" -- work 1
	grep kernel: "$FTRACE_ERR" | diff "$TMP/odd" -
}

@test "more perf-event uprobes than files may be open" {
	ulimit -Sn 64
	FTRACE_WITHOUT=uprobe_multi traced 0 --format=jsonl --exec "$STEPS" -- work 2
	[ "$(count main.work)" = 2 ]
	ulimit -n 64
	FTRACE_WITHOUT=uprobe_multi refused 125 "*: * probes need as many file descriptors *; *" -q --exec "$STEPS"
}
