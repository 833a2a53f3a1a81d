#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What tracing costs the tracer, and what becomes of records that it is too slow for. The numbers are of
# memory, never of time. Where all calls have to be there the ring holds all of them at once.

load lib

# Millions of records take a while.
setup_file()
{
	export BATS_TEST_TIMEOUT=1200
}

setup()
{
	require_root
	probes_remember
	CROWD=$(build_go "$ROOT/tests/live/programs/crowd" crowd)
}

teardown()
{
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	no_probes_left
}

lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# spins TRACER PID: the tracer stands still while the program makes the first and the last part of its calls,
# each of which is more than a small ring holds.
spins()
{
	kill -STOP "$1"
	kill -USR1 "$2"
	wait_for 60 grep -qx 'part 1' "$CROWD_OUT"
	kill -CONT "$1"
	kill -USR1 "$2"
	wait_for 400 grep -qx 'part 2' "$CROWD_OUT"
	kill -STOP "$1"
	kill -USR1 "$2"
	wait_for 60 grep -q made "$CROWD_OUT"
	kill -CONT "$1"
}

# crowd WAY N OPTION...: traces crowd until all its calls are written. Sets PEAK, the most memory in KiB
# that ftrace had by then, ANON, what it has at that time without the ring, MADE, what crowd says it called, and FTRACE_OUT.
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
	if [ "$way" = spin ]; then
		spins "$tracer" "$pid"
	else
		kill -USR1 "$pid"
	fi
	wait_for 400 grep -q made "$CROWD_OUT"
	MADE=$(sed -n 's/^made //p' "$CROWD_OUT")
	# What is held comes at the end; with losses nobody knows how many lines are to come.
	[ "$way" != never ] || calls=$((calls / 3))
	[ "$way" = spin ] || wait_for 200 lines "$FTRACE_OUT" $((calls + 2))
	PEAK=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$tracer/status")
	ANON=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$tracer/status")
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

	# As many records through the ring, but one lane.
	crowd alone 100000 -u main.held --buffer 64M
	whole 100000
	one=$PEAK
	crowd hold 100000 -u main.held --buffer 64M
	whole 100000
	printf '# memory: 1 goroutine %s KiB, 100000 goroutines %s KiB\n' "$one" "$PEAK" >&3
	[ $((PEAK - one)) -lt 65536 ] || fail "$PEAK KiB, $one KiB with one goroutine"
}

@test "a million short goroutines in constant memory" {
	local some

	crowd pass 50000 -u main.pass --no-args --no-results --buffer 256M
	whole 50000
	some=$PEAK
	crowd pass 1000000 -u main.pass --no-args --no-results --buffer 256M
	whole "$MADE"
	printf '# memory: 50000 short goroutines %s KiB, 1000000 %s KiB\n' "$some" "$PEAK" >&3
	[ $((PEAK - some)) -lt 8192 ] || fail "$PEAK KiB, $some KiB with 50 000"
}

# What the program says it called, each call being two records, is what was read and what was lost.
@test "a small ring: every loss is counted, and the trees stay right" {
	local got

	crowd spin 20000 -u main.spin -u main.branch -u main.leaf --buffer 64K
	got=$(jq -c -n --argjson made "$MADE" '
		{"main.branch": ["main.spin"], "main.leaf": ["main.branch", "main.spin"]} as $up
		| reduce inputs as $line ({n: 0, marks: 0, wrong: 0, path: []};
			if $line.type == "summary" then .end = $line
			elif $line.type == "loss" then .marks += $line.records
			elif $line.type == "call" then
				.n += 1
				| .path = .path[:$line.depth]
				| .path += [$line.func]
				# A call whose caller was lost hangs on a higher one, never on a wrong one.
				| if $line.depth > 0 and (.path[-2] | IN($up[$line.func][]?) | not)
					then .wrong += 1 else . end
				| if $line.end == "return" or $line.end == "lost" then . else .wrong += 1 end
			else . end)
		| {wrong, marked: (.marks == .end.lost), lost: (.end.lost > 0), n: (.n == .end.calls),
		   sum: (.end.records + .end.lost - 2 * $made)}' "$FTRACE_OUT")
	[ "$got" = '{"wrong":0,"marked":true,"lost":true,"n":true,"sum":0}' ] ||
		fail "$got, $MADE calls: $(cat "$FTRACE_ERR")"
	printf '# memory: %s calls made, %s\n' "$MADE" "$(tail -n 1 "$FTRACE_ERR")" >&3
}

# calls_right N WITHIN: N calls of main.pass are there and are whole, each below one of WITHIN by its id.
calls_right()
{
	local got

	got=$(jq -c -n 'reduce inputs as $line ({n: 0, bad: 0, up: {}, roots: {}};
		if $line.type != "call" then .
		elif $line.func == "main.pass" then
			.n += 1 | .up[$line.parent | tostring] = 1
			| if $line.end == "return" and $line.duration != null then . else .bad += 1 end
		else .roots[$line.id | tostring] = 1 end)
		| {n, bad, up: (.up | length), same: (.up == .roots)}' "$FTRACE_OUT")
	[ "$got" = "{\"n\":$1,\"bad\":0,\"up\":$2,\"same\":true}" ] || fail "$got: $(cat "$FTRACE_ERR")"
}

# The calls, of 64 bytes and their values each, are twice as many as may be held.
@test "50 goroutines whose roots never return: what they hold is bounded in all, and nothing is lost" {
	local streamed

	crowd never 600000 -u main.pass -u main.endless --buffer 256M --stream
	tail -n 1 "$FTRACE_OUT" | grep -q '"lost":0,' || fail "$(cat "$FTRACE_ERR")"
	streamed=$ANON
	rm "$FTRACE_OUT"
	crowd never 600000 -u main.pass -u main.endless --buffer 256M
	tail -n 1 "$FTRACE_OUT" | grep -q '"lost":0,' || fail "$(cat "$FTRACE_ERR")"
	calls_right 600000 50
	[ "$(grep -c 'held back' "$FTRACE_ERR")" = 1 ] || fail "$(cat "$FTRACE_ERR")"
	printf '# memory: 50 endless roots streamed %s KiB, held %s KiB\n' "$streamed" "$ANON" >&3
	[ $((ANON - streamed)) -lt $((80 * 1024)) ] || fail "$ANON KiB, streamed $streamed KiB"
}

# stays OPTION...: 100 000 goroutines inside main.held, traced by file. Sets TRACER and CROWD_PID.
stays()
{
	start "$CROWD" stay 100000
	CROWD_PID=$STARTED_PID
	CROWD_OUT=$STARTED_OUT
	wait_for 20 grep -q ready "$CROWD_OUT"
	FTRACE_OUT=$BATS_TEST_TMPDIR/trace.stay
	start "$FTRACE" --format=jsonl -o "$FTRACE_OUT" -u main.held --buffer 64M "$@" "$CROWD"
	TRACER=$STARTED_PID
	FTRACE_ERR=$STARTED_ERR
	wait_for 20 attached "$FTRACE_ERR"
	kill -USR1 "$CROWD_PID"
	wait_for 200 grep -q made "$CROWD_OUT"
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

# It took minutes: a walk over all open frames for each. What there is to wait for is the machine's, not ours.
@test "100 000 open calls whose frames the kernel keeps, and processes that come and go: Ctrl-C ends it" {
	local i

	stays --depth 5
	for ((i = 0; i < 300; i++)); do
		/bin/true
	done
	kill -STOP "$CROWD_PID"
	kill -INT "$TRACER"
	wait_for 30 gone "$TRACER"
	wait "$TRACER" || fail "exit status $?: $(cat "$FTRACE_ERR")"
	[ "$(grep -c '"end":"open"' "$FTRACE_OUT")" = 100000 ] || fail "$(tail -n 1 "$FTRACE_OUT")"
	kill -CONT "$CROWD_PID"
}
