#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Signals that are delivered inside of calls.

load lib
load inside

@test "each signal is in the call that it came to, and none that came outside of calls is there" {
	run_ftrace -u 'main.traced*' --signals --format jsonl --exec "$INSIDE"
	expect_json 'map(select(.type == "call")) as $calls | [.[] | select(.type == "signal") |
		[(.call as $id | $calls[] | select(.id == $id) | .func, .args[0].value), .signal, .code]] |
		group_by(.) | map([length] + .[0])' \
		'[[3,"main.tracedRaise",10,"SIGUSR1","SI_TKILL"],[3,"main.tracedRaise",36,"SIGRT_4","SI_TKILL"]]'
	expect_json '(map(select(.type == "call"))[0].pid) as $pid | [.[] | select(.type == "signal") | .sender == $pid] | unique' \
		'[true]'
	expect_json '.[-1].signals' 6
}

@test "a set of signals is recorded and no other, by name and by number" {
	run_ftrace -u 'main.traced*' --signals=36 --format jsonl --exec "$INSIDE"
	expect_json '[.[] | select(.type == "signal") | .signal]' '["SIGRT_4","SIGRT_4","SIGRT_4"]'
	run_ftrace -u 'main.traced*' '--signals=!SIGRT_4' --format jsonl --exec "$INSIDE"
	expect_json '[.[] | select(.type == "signal") | .signal]' '["SIGUSR1","SIGUSR1","SIGUSR1"]'
}

@test "Go's own preemption of a busy loop is shown when all signals are asked for, and else is not" {
	run_ftrace -u main.spin --signals=all --format jsonl --exec "$INSIDE"
	expect_json '[.[] | select(.type == "signal" and .signal == "SIGURG")] | length > 0' true
	run_ftrace -u main.spin --signals --format jsonl --exec "$INSIDE"
	expect_json '[.[] | select(.type == "signal")] | length' 0
	expect_json '[.[] | select(.type == "call") | .end]' '["return"]'
}

@test "what is no signal is refused with one that is" {
	run run_ftrace -u 'main.traced*' --signals=SIGTREM --exec "$INSIDE"
	[ "$status" -ne 0 ]
	expect "$BATS_TEST_TMPDIR/ftrace.err" 'did you mean SIGTRAP, SIGTERM'
}
