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
	for mount in "$BATS_TEST_TMPDIR"/groups*; do
		! mountpoint -q "$mount" || umount "$mount"
	done
	no_probes_left
}

# groups_at TYPE [CONTROLLER]: where control groups of that version are, of the first one with that controller;
# mounted for the test where they are nowhere.
groups_at()
{
	local mount

	mount=$(awk -v type="$1" -v wanted="${2:-}" '$3 == type && (wanted == "" || "," $4 "," ~ "," wanted ",") {
		print $2; exit }' /proc/mounts)
	if [ -z "$mount" ]; then
		mount=$BATS_TEST_TMPDIR/groups.$1
		mkdir "$mount" && mount -t "$1" ${2:+-o "$2"} "$1" "$mount" ||
			{ fail "$1 ${2:-}: cannot be mounted; boot a kernel with it"; return 1; }
	fi
	echo "$mount"
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

# strikes HOW [WAY]: begins to look, against the tracer that was started last.
strikes()
{
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	status=0
	start "$STRIKE" "$1" "$BUSY" "$BUSY_PID" "$TRACER" "${@:2}"
	STRIKER=$STARTED_PID
}

# tracer: one of its own session, that attaches to all of the program.
tracer()
{
	start setsid "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
}

# in_and_out [WAY]: killed in both moments, by that way.
in_and_out()
{
	for _ in 1 2; do
		tracer
		strikes in "$@"
		killed
		tracer
		wait_for 30 attached "$STARTED_ERR"
		strikes out "$@"
		killed
	done
}

is_gone()
{
	! kill -0 "$1" 2>/dev/null || [ "$(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat")" = Z ]
}

@test "killed while it attaches: what was attached goes" {
	for _ in 1 2 3; do
		tracer
		strikes in
		killed
	done
}

@test "killed while it detaches: the rest goes, too" {
	for _ in 1 2 3; do
		tracer
		wait_for 30 attached "$STARTED_ERR"
		strikes out
		killed
	done
}

@test "killed with its process group" {
	in_and_out group
}

@test "killed with every process that has its name" {
	in_and_out name=ftrace
}

@test "killed with its control group" {
	local mount group

	mount=$(groups_at cgroup2)
	group=$mount/ftrace-test-$$
	mkdir "$group"
	tracer()
	{
		# shellcheck disable=SC2016 # of the shell that is started
		start setsid bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" \
			"$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
	}
	in_and_out "cgroup=$group"
	wait_for 20 rmdir "$group"
}

# memory_group NAME BYTES: makes a control group that has no more memory, of either version, and prints its path.
memory_group()
{
	local mount

	mount=$(groups_at cgroup2) || return 1
	! grep -qw memory "$mount/cgroup.controllers" || echo +memory >"$mount/cgroup.subtree_control"
	if grep -qsw memory "$mount/cgroup.subtree_control"; then
		mkdir "$mount/$1" && echo "$2" >"$mount/$1/memory.max" && echo "$mount/$1"
		return
	fi
	mount=$(groups_at cgroup memory) || return 1
	mkdir "$mount/$1" && echo "$2" >"$mount/$1/memory.limit_in_bytes" && echo "$mount/$1"
}

@test "its control group is out of memory: the kernel kills it, and nothing stays" {
	local group status=0

	group=$(memory_group "ftrace-test-$$" 300M)
	# shellcheck disable=SC2016 # of the shell that is started
	start setsid bash -c 'echo $$ >"$0/cgroup.procs" && echo 1000 >/proc/self/oom_score_adj && exec "$@"' \
		"$group" "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
	TRACER=$STARTED_PID
	wait_for 30 attached "$STARTED_ERR"
	# Something beside it that takes all there is: of the two the kernel takes the one with the higher score.
	# shellcheck disable=SC2016
	start bash -c 'echo $$ >"$0/cgroup.procs" && exec tail /dev/zero' "$group"
	wait "$TRACER" 2>/dev/null || status=$?
	stop "$STARTED_PID" KILL || :
	[ "$status" = 137 ] || fail "exit status $status"
	wait_for 20 code_is_whole || fail "breakpoints are left"
	busy_is_alive
	wait_for 20 rmdir "$group"
}

@test "ended by timeout -k in the middle of it" {
	local after

	for after in 0.05 0.1 0.2 0.3 0.5; do
		start timeout -k 0.02 "$after" "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
		wait "$STARTED_PID" || :
		wait_for 20 code_is_whole || fail "breakpoints are left after $after s"
	done
	busy_is_alive
}

@test "its terminal dies" {
	local tracer

	# script(1) gives it a terminal of its own, and takes it away by its end.
	start script -qfc "exec env --default-signal=HUP $FTRACE -u '*' -p $BUSY_PID >/dev/null" /dev/null
	wait_for 30 attached "$STARTED_OUT"
	run code_is_whole
	[ "$status" != 0 ]
	tracer=$(cat "/proc/$STARTED_PID/task/$STARTED_PID/children")
	kill -KILL "$STARTED_PID"
	wait_for 20 code_is_whole || fail "breakpoints are left"
	# shellcheck disable=SC2086 # words
	for pid in $tracer; do wait_for 20 is_gone "$pid"; done
	busy_is_alive
}

@test "what keeps the probes is a small process apart, and goes with the tracer" {
	local keeper

	tracer
	wait_for 30 attached "$STARTED_ERR"
	keeper=$(keeper_of "$STARTED_PID")
	[ "$(ps -o sid= -p "$keeper" | tr -d ' ')" != "$(ps -o sid= -p "$STARTED_PID" | tr -d ' ')" ]
	[ "$(ps -o pgid= -p "$keeper" | tr -d ' ')" != "$(ps -o pgid= -p "$STARTED_PID" | tr -d ' ')" ]
	[ "$(ps -o ppid= -p "$keeper" | tr -d ' ')" != "$STARTED_PID" ]
	[ "$(ps -o rss= -p "$keeper")" -lt 8192 ]
	kill -INT "$keeper" && kill -TERM "$keeper" && kill -HUP "$keeper"
	stop "$STARTED_PID" INT
	is_gone "$keeper"
}

@test "the keeper is killed: the tracer says so and ends, nothing is left" {
	local status=0

	tracer
	wait_for 30 attached "$STARTED_ERR"
	kill -KILL "$(keeper_of "$STARTED_PID")"
	wait "$STARTED_PID" || status=$?
	[ "$status" = 1 ]
	expect "$STARTED_ERR" "which keeps the probes, was killed"
	expect "$STARTED_ERR" "0 lost"
	wait_for 20 code_is_whole || fail "breakpoints are left"
	busy_is_alive
}

# No uprobe_multi: each probe takes the kernel a tenth of a second to take off.
@test "one by one: killed or interrupted while it attaches, and while it detaches" {
	export FTRACE_WITHOUT=uprobe_multi
	tracer()
	{
		start setsid "$FTRACE" --many -o /dev/null -u 'main.*' -p "$BUSY_PID"
	}

	tracer
	strikes in group
	killed
	tracer
	wait_for 30 attached "$STARTED_ERR"
	strikes out name=ftrace
	killed
	# The second Ctrl-C leaves it to the keeper.
	tracer
	wait_for 30 attached "$STARTED_ERR"
	kill -INT "$STARTED_PID"
	wait_for 10 grep -q 'taking .* probes off' "$STARTED_ERR"
	kill -INT "$STARTED_PID"
	wait "$STARTED_PID"
	run code_is_whole
	[ "$status" != 0 ] || fail "it waited for the kernel"
	wait_for 30 code_is_whole
	busy_is_alive
}

@test "one by one: more probes than anybody waits for have to be insisted on" {
	FTRACE_WITHOUT=uprobe_multi run "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
	[ "$status" = 1 ]
	[[ $output == "ftrace: kernel: it takes "*"insist with --many" ]] || fail "$output"
	[ "${#lines[@]}" = 1 ]
}
