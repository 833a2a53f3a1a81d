#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Tracepoints of the kernel that fire inside of calls.

load lib
load inside

@test "each event is in the call that it happened in, with its arguments, and none of outside is there" {
	run_ftrace -u 'main.traced*' -e task:task_rename --format jsonl --exec "$INSIDE"
	expect_json 'map(select(.type == "call")) as $calls | [.[] | select(.type == "event") |
		[(.call as $id | $calls[] | select(.id == $id) | .func), .event, (.args[] | .name),
		 (.args[0].value | split("/") | .[1] | tonumber) as $tid | $tid == .tid, .args[1].value]] |
		group_by(.) | map([length] + .[0])' \
		'[[3,"main.tracedRename","task:task_rename","task","comm",true,"inside"]]'
	expect_json '.[-1].events' 3
}

@test "text shows an event as a leaf of its call" {
	run_ftrace -u 'main.traced*' -e 'task:task_r*' --exec "$INSIDE"
	grep -qE '~ task:task_rename\((outside|inside)/[0-9]+, "inside"\)' "$FTRACE_OUT" || fail "$(cat "$FTRACE_OUT")"
}

# without_tracefs COMMAND...: where it is not mounted.
without_tracefs()
{
	FTRACE_OUT=$BATS_TEST_TMPDIR/out
	FTRACE_ERR=$BATS_TEST_TMPDIR/err
	bounded unshare -m sh -c 'umount -l /sys/kernel/tracing /sys/kernel/debug 2>/dev/null; exec "$@"' - "$@" \
		>"$FTRACE_OUT" 2>"$FTRACE_ERR" </dev/null 3>&-
}

@test "groups are known where tracefs is not mounted" {
	without_tracefs "$FTRACE" -u 'main.traced*' -e 'task:task_r*' --format jsonl --exec "$INSIDE"
	expect_json '[.[] | select(.type == "event") | .event]' '["task:task_rename","task:task_rename","task:task_rename"]'
}

@test "where the groups cannot be told names are enough, and that is said" {
	without_tracefs setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$FTRACE" -u 'main.traced*' -e task:task_rename \
		--format jsonl --exec "$INSIDE"
	expect "$FTRACE_ERR" 'its group is not looked at, since tracefs is not mounted'
	expect_json '[.[] | select(.type == "event") | .event]' '["task_rename","task_rename","task_rename"]'
}

# refused EVENT WORDS
refused()
{
	run run_ftrace -u 'main.traced*' -e "$1" --exec "$INSIDE"
	[ "$status" -eq 125 ] || fail "$1: status $status"
	expect "$BATS_TEST_TMPDIR/ftrace.err" "$2"
}

@test "what is no tracepoint, and what cannot be recorded, is refused by its name" {
	refused task:task_renam 'did you mean task:task_rename'
	refused task_rename 'did you mean task:task_rename'
	refused lock:contention_begin 'fires while a lock is held'
	refused syscalls:sys_enter_openat 'use --syscalls'
	refused 'nosuch:*' 'no such tracepoint'
}
