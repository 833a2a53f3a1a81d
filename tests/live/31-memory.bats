#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What tracing costs the tracer, and what becomes of records that it is too slow for. The numbers are of
# memory, never of time.

load lib

setup()
{
	require_root
	probes_remember
	CROWD=$(build_go "$ROOT/tests/live/programs/crowd" crowd)
}

teardown()
{
	stop_all
	no_probes_left
}

lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# crowd WAY N OPTION...: traces crowd until all its calls are written. Sets PEAK, the most memory in KiB
# that ftrace had by then, MADE, what crowd says it called, and FTRACE_OUT.
crowd()
{
	local way=$1 n=$2 calls=$2 pid tracer

	shift 2
	start "$CROWD" "$way" "$n"
	pid=$STARTED_PID
	CROWD_OUT=$STARTED_OUT
	wait_for 20 grep -q ready "$CROWD_OUT"
	FTRACE_OUT=$BATS_TEST_TMPDIR/trace.$way.$n
	start "$FTRACE" --format=jsonl -o "$FTRACE_OUT" "$@" -p "$pid"
	tracer=$STARTED_PID
	FTRACE_ERR=$STARTED_ERR
	wait_for 20 attached "$FTRACE_ERR"
	kill -USR1 "$pid"
	wait_for 100 grep -q made "$CROWD_OUT"
	MADE=$(sed -n 's/^made //p' "$CROWD_OUT")
	# With losses nobody knows how many lines are to come.
	[ "$way" = spin ] || wait_for 60 lines "$FTRACE_OUT" $((calls + 2))
	PEAK=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$tracer/status")
	kill -USR2 "$pid"
	wait "$pid"
	wait "$tracer"
}

# All calls are there, each of them whole.
whole()
{
	local got

	got=$(jq -c -n 'reduce (inputs | select(.type == "call")) as $c ({n: 0, bad: 0};
		.n += 1 | if $c.end == "return" and $c.duration != null then . else .bad += 1 end)' \
		"$FTRACE_OUT")
	[ "$got" = "{\"n\":$1,\"bad\":0}" ] || fail "$got of $1: $(cat "$FTRACE_ERR")"
}

@test "100 000 goroutines inside a traced call at once: less than 64 MiB" {
	local one

	crowd hold 1 -u main.held
	one=$PEAK
	crowd hold 100000 -u main.held --buffer 64M
	whole 100000
	printf '# memory: 1 goroutine %s KiB, 100000 goroutines %s KiB\n' "$one" "$PEAK" >&3
	[ $((PEAK - one)) -lt 65536 ] || fail "$PEAK KiB, $one KiB with one goroutine"
}

@test "a million short goroutines in constant memory" {
	local some

	crowd pass 20000 -u main.pass --buffer 16M
	whole 20000
	some=$PEAK
	crowd pass 1000000 -u main.pass --buffer 16M
	whole "$MADE"
	printf '# memory: 20000 short goroutines %s KiB, 1000000 %s KiB\n' "$some" "$PEAK" >&3
	[ $((PEAK - some)) -lt 8192 ] || fail "$PEAK KiB, $some KiB with 20 000"
}
