#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is said on stderr while the trace runs: the status line on a terminal, the line without one,
# the hint when nothing was hit.

load lib
load steps

setup()
{
	require_root
	require_terminal
	export TERM=xterm
	probes_remember
	steps_build
}

teardown()
{
	stop_all
	no_probes_left
}

# on_terminal COMMAND: runs the shell command on a terminal of its own, whose bytes go to $SCREEN.
on_terminal()
{
	SCREEN=$TMP/screen
	FTRACE=$FTRACE STEPS=$STEPS TMP=$TMP bounded script -qec "$1" /dev/null >"$SCREEN" </dev/null 3>&-
}

# on_terminal_until PATTERN COMMAND: the same for a COMMAND that goes on until $SCREEN has PATTERN.
on_terminal_until()
{
	local pid=$TMP/pid

	rm -f "$pid"
	FTRACE=$FTRACE STEPS=$STEPS TMP=$TMP start script -qefc "$2 & echo \$! >'$pid'; wait \$!" /dev/null
	SCREEN=$STARTED_OUT
	wait_for 20 test -s "$pid"
	wait_for 20 grep -qE "$1" "$SCREEN"
	kill -TERM "$(cat "$pid")"
	ended 0 "$STARTED_PID"
}

# waits: a process of steps that runs until the test ends, and calls nothing meanwhile.
waits()
{
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 1
	wait_for 10 test -e "$TMP/up"
}

# busy: one that calls main.work all the time.
busy()
{
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
}

# none GREP-ARG...: no such line. A failing `!` alone would not end a test.
none()
{
	if grep "$@"; then
		fail "there is: $*"
	fi
}

@test "on a terminal a status line is written over itself, and gone in the end" {
	busy
	on_terminal_until $'\rftrace: [0-9]+s: [0-9 ]+ calls/s, [0-9 ]+ calls?, [0-9 ]+ lost, [01] goroutines? in calls\033\[K' \
		'"$FTRACE" -u main.work "$STEPS" >"$TMP/trace"'
	# The summary stands where it was.
	[ "$(grep -c $'\r\033\\[Kftrace: [0-9]* calls' "$SCREEN")" = 1 ]
	# The trace has none of it.
	grep -q main.work "$TMP/trace"
	none -q $'\033\|calls/s' "$TMP/trace"
}

@test "no status line where the trace goes to the terminal, or the program shares it, or with -q" {
	busy
	# One call takes a millisecond at least.
	on_terminal '"$FTRACE" -u main.work --max-calls 1500 "$STEPS"'
	none -q calls/s "$SCREEN"
	grep -q 'ftrace: 1500 calls' "$SCREEN"
	on_terminal '"$FTRACE" -q -u main.work --duration 1200ms "$STEPS" >"$TMP/trace"'
	[ ! -s "$SCREEN" ]
	on_terminal '"$FTRACE" -u main.slow --exec "$STEPS" -- slow 1200 >"$TMP/trace"'
	none -q calls/s "$SCREEN"
	on_terminal_until calls/s '"$FTRACE" -u main.work -o "$TMP/trace" "$STEPS"'
	on_terminal '"$FTRACE" -u main.work --duration 1200ms "$STEPS" >"$TMP/trace" 2>"$TMP/chatter"'
	none -q calls/s "$TMP/chatter"
	[ ! -s "$SCREEN" ]
}

@test "more than 1000 probes are announced while they are attached" {
	on_terminal '"$FTRACE" -u "*" -N "runtime.*" --duration 10ms "$STEPS" >"$TMP/trace"'
	grep -qE $'\rftrace: attaching [1-9] [0-9]{3} probes\033\\[K\r\033\\[Kftrace: ' "$SCREEN" || fail "$(cat -v "$SCREEN")"
	on_terminal '"$FTRACE" -u "main.*" --duration 10ms "$STEPS" >"$TMP/trace"'
	none -q attaching "$SCREEN"
	on_terminal '"$FTRACE" -q -u "*" -N "runtime.*" --duration 10ms "$STEPS" >"$TMP/trace"'
	[ ! -s "$SCREEN" ]
}

@test "nothing hit for 5 s: one hint, by what is likely" {
	cp "$STEPS" "$TMP/other"
	cp "$STEPS" "$TMP/later"
	waits
	# All at once: five seconds are enough. The one whose program starts later comes first.
	start "$FTRACE" -u main.work "$TMP/later"
	late=$STARTED_PID late_err=$STARTED_ERR
	wait_for 20 attached "$late_err"
	start "$TMP/later" touch "$TMP/up2" await "$TMP/go"
	wait_for 10 test -e "$TMP/up2"
	start "$FTRACE" -u main.work "$TMP/other"
	none=$STARTED_PID none_err=$STARTED_ERR
	start "$FTRACE" -u main.work "$STEPS"
	idle=$STARTED_PID idle_err=$STARTED_ERR
	start "$FTRACE" --filter 'main.work: n > 5' "$STEPS"
	filter=$STARTED_PID filter_err=$STARTED_ERR
	start "$FTRACE" -q -u main.work --duration 5500ms "$TMP/other"
	quiet=$STARTED_PID quiet_err=$STARTED_ERR
	# What the kernel adds up: nothing, and a call that does not end.
	start "$STEPS" touch "$TMP/up3" await "$TMP/go3" hang "$TMP/hangs"
	wait_for 10 test -e "$TMP/up3"
	start "$FTRACE" --summary=only -u main.work "$STEPS"
	sum=$STARTED_PID sum_err=$STARTED_ERR
	start "$FTRACE" --summary=only -u main.hang --duration 5500ms "$STEPS"
	open=$STARTED_PID open_err=$STARTED_ERR
	wait_for 20 attached "$open_err"
	touch "$TMP/go3"
	for err in "$none_err" "$idle_err" "$filter_err" "$late_err" "$sum_err"; do
		wait_for 20 grep -q 'nothing was hit' "$err"
	done
	for pid in $none $idle $filter $late $sum; do
		stop "$pid"
	done
	for pid in $quiet $open; do
		ended 0 "$pid"
	done
	expect "$sum_err" "nothing was hit in 5 s: the functions are not called"
	none -q 'nothing was hit' "$open_err"
	expect "$none_err" "nothing was hit in 5 s: no process runs $TMP/other; start it, or check with pidof"
	expect "$idle_err" "the functions are not called, or only where they were inlined; 'ftrace list' tells"
	expect "$filter_err" "only where they were inlined, or no call passes --filter; 'ftrace list' tells"
	expect "$late_err" "the functions are not called"
	[ ! -s "$quiet_err" ]
	[ "$(grep -c 'nothing was hit' "$none_err")" = 1 ]
}

@test "no hint where something was hit; with -v and no terminal a line every 10 s" {
	waits
	start "$FTRACE" -v -u main.work -o "$TMP/trace" "$STEPS"
	tracer=$STARTED_PID err=$STARTED_ERR
	wait_for 10 attached "$err"
	touch "$TMP/go"
	wait_for 30 grep -q calls/s "$err"
	stop "$tracer"
	none -q 'nothing was hit' "$err"
	grep -qE '^ftrace: 1[0-9]s: 0 calls/s, 1 call, 0 lost, 0 goroutines in calls$' "$err" || fail "$(cat "$err")"
	[ "$(grep -c calls/s "$err")" = 1 ]
}
