#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What ftrace must not wait for: a program that its control group has frozen, and whoever should read standard error.
# A watchdog ends the waiting, and fails the test.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	GROUP=
}

teardown()
{
	[ -z "${WATCHDOG:-}" ] || kill "$WATCHDOG" 2>/dev/null || :
	[ -z "${HELD:-}" ] || exec {HELD}>&-
	[ -z "$GROUP" ] || echo 0 >"$GROUP/cgroup.freeze"
	stop_all
	no_probes_left
	[ -z "$GROUP" ] || wait_for 20 rmdir "$GROUP"
}

# watchdog COMMAND...: in so much time that nothing sound takes it, it does that and makes the file bitten.
watchdog()
{
	mkfifo "$TMP/never"
	# shellcheck disable=SC2016 # of the shell that is started
	start bash -c 'read -r -t "$0" _ <>"$1/never"; touch "$1/bitten"; shift; exec "$@"' $((60 * ${PATIENCE:-1})) "$TMP" "$@"
	WATCHDOG=$STARTED_PID
}

not_bitten() { [ ! -e "$TMP/bitten" ] || fail "only the watchdog ended it"; }

# victim: a program in a control group of its own, version 2. Sets GROUP and VICTIM.
victim()
{
	local mount

	mount=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
	[ -n "$mount" ] || skip "no control groups of version 2 are mounted here"
	GROUP=$mount/ftrace-stuck-$$-$BATS_TEST_NUMBER
	mkdir "$GROUP"
	start sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$GROUP" "$STEPS" touch "$TMP/up" forever
	VICTIM=$STARTED_PID
	wait_for 20 test -e "$TMP/up"
	# shellcheck disable=SC2016 # of the shell that is started
	watchdog bash -c 'echo 0 >"$0/cgroup.freeze"' "$GROUP"
}

is_frozen() { grep -qx 'frozen 1' "$GROUP/cgroup.events"; }

freeze()
{
	echo 1 >"$GROUP/cgroup.freeze"
	wait_for 20 is_frozen
}

# code: whether the program's code is what its file says.
code()
{
	local range first last offset

	read -r range _ offset _ < <(grep -m 1 "r-xp.*/steps\$" "/proc/$VICTIM/maps")
	first=$((16#${range%-*})) last=$((16#${range#*-}))
	cmp <(dd if="/proc/$VICTIM/mem" bs=64K iflag=skip_bytes,count_bytes skip=$first count=$((last - first)) 2>/dev/null) \
		<(dd if="$STEPS" bs=64K iflag=skip_bytes,count_bytes skip=$((16#$offset)) count=$((last - first)) 2>/dev/null)
}

# left_alone: it ended while the program was frozen, left nothing in it, and the program goes on.
left_alone()
{
	not_bitten
	is_frozen
	no_probes_left
	wait_for 20 code
	echo 0 >"$GROUP/cgroup.freeze"
	start_traced --format=jsonl -u main.work -p "$VICTIM"
	goes_on() { [ "$(grep -c '"func":"main.work"' "$TRACE")" -ge 3 ]; }
	wait_for 20 goes_on
	stop "$TRACER" INT
}

@test "a frozen program: traced from then on, and left, all while it is frozen" {
	victim
	freeze
	start_traced --format=jsonl -u '*' -p "$VICTIM"
	is_frozen
	kill -INT "$TRACER"
	ended 0 "$TRACER"
	left_alone
}

@test "a program that is frozen while it is traced: Ctrl-C ends it" {
	victim
	start_traced --format=jsonl -u '*' -p "$VICTIM"
	seen() { grep -q '"func":"main.work"' "$TRACE"; }
	wait_for 20 seen
	freeze
	kill -INT "$TRACER"
	ended 0 "$TRACER"
	left_alone
}

@test "a program that is frozen while probes are put in: Ctrl-C ends it" {
	victim
	start "$FTRACE" -u '*' -p "$VICTIM"
	attaching=$STARTED_PID
	# Before it listens a signal that the shell ignores for it is lost.
	listens() { grep -q '^SigBlk:.*4003$' "/proc/$attaching/status"; }
	wait_for 20 listens
	freeze
	kill -INT "$attaching"
	ended 0 "$attaching"
	left_alone
}

@test "a frozen control group: --cgroup begins and ends all the same" {
	victim
	freeze
	start_traced --format=jsonl -u main.work --cgroup "${GROUP##*/}"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	kill -INT "$TRACER"
	ended 0 "$TRACER"
	left_alone
}

@test "a standard error that nobody reads: it traces, and ends" {
	start "$STEPS" forever
	mkfifo "$TMP/said"
	exec {HELD}<>"$TMP/said"
	# Full: not one byte more goes into it.
	! dd if=/dev/zero of="$TMP/said" oflag=nonblock bs=1 count=1000000 2>/dev/null
	# shellcheck disable=SC2016 # of the shell that is started
	start bash -c 'exec "$@" 2>"$0"' "$TMP/said" "$FTRACE" -v --format=jsonl -u main.work "$STEPS"
	tracer=$STARTED_PID
	TRACE=$STARTED_OUT
	watchdog cat "$TMP/said"
	traces() { [ "$(grep -c '"func":"main.work"' "$TRACE")" -ge 3 ]; }
	wait_for 20 traces
	kill -INT "$tracer"
	ended 0 "$tracer"
	not_bitten
	nothing_lost "$TRACE"
}
