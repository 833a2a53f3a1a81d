#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the trace goes: places that take none, disks that are full, readers that do not read.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
}

teardown()
{
	exec 9>&-
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	# What a test that failed has left waiting goes on to its end.
	touch "$TMP/go" "$TMP/end" "$TMP/never"
	! mountpoint -q "$TMP/small" || umount "$TMP/small"
	no_probes_left
}

# unread NAME: a FIFO that descriptor 9 holds open and nobody reads.
unread()
{
	mkfifo "$1"
	exec 9<>"$1"
}

# stuck PID: it is in poll(2), which it is for a reader alone, or in write(2).
stuck() { grep -qE '^(1|7) ' "/proc/$1/syscall"; }

# drained CAT FILE: it has read a pipe that was full, into FILE, and waits in read(2) for more.
drained() { [ "$(stat -c %s "$2")" -gt 60000 ] && grep -q '^0 ' "/proc/$1/syscall"; }

# childless PID: what it started has ended, and it knows.
childless() { [ -z "$(pgrep -P "$1")" ]; }

# ends_soon STATUS PID: without anybody's help.
ends_soon()
{
	wait_for 10 has_ended "$2" || return 1
	ended "$1" "$2"
}

@test "-o: a directory, no directory, a place that is read-only" {
	mkdir "$TMP/small"
	mount -t tmpfs -o ro tmpfs "$TMP/small"
	for how in "--exec" "list" ""; do
		status=1
		[ "$how" != --exec ] || status=125
		# shellcheck disable=SC2086 # a word or none
		refused $status "$TMP: Is a directory; *" -o "$TMP" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/none/trace: No such file or directory; *" -o "$TMP/none/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/small/trace: Read-only file system; *" -o "$TMP/small/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$STEPS/trace: Not a directory; *" -o "$STEPS/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "/dev/full: No space left on device; *" -q --format=jsonl -o /dev/full $how "$STEPS"
	done
}

@test "a disk that becomes full: it says so at once, the program runs on, what is there is whole" {
	mkdir "$TMP/small"
	mount -t tmpfs -o size=64k tmpfs "$TMP/small"
	for format in text jsonl; do
		rm -f "$TMP/small/trace" "$TMP/up" "$TMP/go"
		start "$FTRACE" --format=$format -u main.work -o "$TMP/small/trace" "$STEPS" -- work 2000 touch "$TMP/up" await "$TMP/go" exit 7
		wait_for 20 grep -qx "ftrace: $TMP/small/trace: No space left on device; what was written so far is whole" "$STARTED_ERR"
		# Nothing is attached any more, and it still runs.
		wait_for 10 test -e "$TMP/up"
		wait_for 5 no_new_probe
		touch "$TMP/go"
		ended 125 "$STARTED_PID"
		[ "$(wc -l <"$STARTED_ERR")" = 2 ]
		[ "$(stat -c %s "$TMP/small/trace")" -gt 60000 ]
		[ -z "$(tail -c 1 "$TMP/small/trace")" ]
	done
	jq -e . "$TMP/small/trace" >"$TMP/parsed"
	# An ordinary trace ends with it, too.
	start_traced --stream -o "$TMP/small/trace" "$STEPS"
	"$STEPS" work 5000
	ends_soon 1 "$TRACER"
	grep -q "^ftrace: $TMP/small/trace: No space left on device; " "$CHATTER"
	refused 1 "$TMP/small/trace: No space left on device; *" list -u '*' -o "$TMP/small/trace" "$STEPS"
}

@test "-o FIFO: waits for its reader, and a signal ends that" {
	mkfifo "$TMP/fifo"
	for signal in INT TERM HUP; do
		start "$FTRACE" -o "$TMP/fifo" "$STEPS"
		wait_for 10 grep -qx "ftrace: $TMP/fifo: a FIFO that nobody reads yet; waiting for a reader" "$STARTED_ERR"
		kill "-$signal" "$STARTED_PID"
		ends_soon 0 "$STARTED_PID"
		[ "$(tail -n +2 "$STARTED_ERR")" = "ftrace: $TMP/fifo: nobody read this FIFO; nothing was traced" ]
		start "$FTRACE" -q -o "$TMP/fifo" "$STEPS" -- touch "$TMP/ran"
		blocked() { grep -q '^SigBlk:.*14003$' "/proc/$STARTED_PID/status"; }
		wait_for 10 blocked
		kill "-$signal" "$STARTED_PID"
		ends_soon $((128 + $(kill -l $signal))) "$STARTED_PID"
		[ ! -e "$TMP/ran" ]
		[ "$(cat "$STARTED_ERR")" = "ftrace: $TMP/fifo: nobody read this FIFO; nothing was traced" ]
	done
	start "$FTRACE" -o "$TMP/fifo" list "$STEPS"
	list=$STARTED_PID
	wait_for 10 stuck "$list"
	bounded cat "$TMP/fifo" >"$TMP/list"
	ends_soon 0 "$list"
	grep -q main.work "$TMP/list"
	start "$FTRACE" --format=jsonl -o "$TMP/fifo" "$STEPS" -- work 2000
	wait_for 10 grep -q 'waiting for a reader' "$STARTED_ERR"
	bounded cat "$TMP/fifo" >"$TMP/trace"
	ends_soon 0 "$STARTED_PID"
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 2000 ]
}

@test "a reader that takes nothing: Ctrl-C and SIGTERM end it all the same" {
	for signal in INT TERM; do
		for to in stdout "$TMP/fifo"; do
			rm -f "$TMP/fifo"
			unread "$TMP/fifo"
			start "$STEPS" touch "$TMP/up" await "$TMP/go" work 20000 each 50 touch "$TMP/done" await "$TMP/end"
			target=$STARTED_PID
			wait_for 10 test -e "$TMP/up"
			if [ "$to" = stdout ]; then
				# shellcheck disable=SC2016 # it is sh that expands it
				start sh -c 'exec "$@" >"$0"' "$TMP/fifo" "$FTRACE" --format=jsonl -u main.work -p "$target"
			else
				start "$FTRACE" --format=jsonl -u main.work -o "$to" -p "$target"
			fi
			tracer=$STARTED_PID
			wait_for 20 attached "$STARTED_ERR"
			touch "$TMP/go"
			wait_for 20 test -e "$TMP/done"
			wait_for 10 stuck "$tracer"
			# One signal is enough.
			kill "-$signal" "$tracer"
			ends_soon 0 "$tracer"
			[ "$(tail -n +2 "$STARTED_ERR")" = "ftrace: $to: its reader takes nothing; the rest of the trace is dropped" ] ||
				fail "$(cat "$STARTED_ERR")"
			wait_for 5 no_new_probe
			kill -0 "$target"
			touch "$TMP/end"
			ended 0 "$target"
			rm "$TMP/up" "$TMP/go" "$TMP/done" "$TMP/end"
		done
	done
}

@test "a reader that takes nothing, and a started program: its status, or the signal's" {
	unread "$TMP/fifo"
	# The first signal is the program's, which ends by it.
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/fifo" "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/never"
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	kill -TERM "$STARTED_PID"
	ends_soon 143 "$STARTED_PID"
	grep -q 'its reader takes nothing; ' "$STARTED_ERR"
	# It has its own idea of the first; the second ends ftrace alone.
	exec 9>&-
	unread "$TMP/second"
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/second" "$STEPS" -- catch "$TMP/caught" work 20000 touch "$TMP/up2" await "$TMP/go" touch "$TMP/ran"
	wait_for 20 test -e "$TMP/up2"
	kill -INT "$STARTED_PID"
	wait_for 10 grep -q interrupt "$TMP/caught"
	wait_for 10 stuck "$STARTED_PID"
	kill -INT "$STARTED_PID"
	ends_soon 130 "$STARTED_PID"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/ran"
	# The program has ended by itself: the first is enough.
	exec 9>&-
	unread "$TMP/third"
	start "$FTRACE" -q --format=jsonl -u main.work -o "$TMP/third" "$STEPS" -- work 20000 touch "$TMP/up3" exit 9
	wait_for 20 test -e "$TMP/up3"
	wait_for 10 childless "$STARTED_PID"
	wait_for 10 stuck "$STARTED_PID"
	kill -INT "$STARTED_PID"
	ends_soon 9 "$STARTED_PID"
}

@test "a pipe whose reader goes on after Ctrl-C gets all of it" {
	unread "$TMP/fifo"
	# Between one and two pipes full.
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 300 touch "$TMP/done"
	wait_for 10 test -e "$TMP/up"
	target=$STARTED_PID
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/fifo" -p "$target"
	tracer=$STARTED_PID
	wait_for 20 attached "$STARTED_ERR"
	touch "$TMP/go"
	wait_for 20 test -e "$TMP/done"
	wait_for 10 stuck "$tracer"
	# It waits a second for its reader, who may need longer to begin on a busy machine.
	kill -STOP "$tracer"
	kill -INT "$tracer"
	cat "$TMP/fifo" 9>&- >"$TMP/trace" 3>&- &
	cat=$!
	STARTED+=("$cat")
	exec 9>&-
	wait_for 10 drained "$cat" "$TMP/trace"
	kill -CONT "$tracer"
	ends_soon 0 "$tracer"
	wait "$cat"
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 300 ]
}

@test "stdout and stderr into one pipe that nobody reads: a signal ends it" {
	unread "$TMP/fifo"
	# shellcheck disable=SC2016 # it is sh that expands it
	start sh -c 'exec "$@" >"$0" 2>&1' "$TMP/fifo" "$FTRACE" -v -u main.work "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/never"
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	kill -TERM "$STARTED_PID"
	ends_soon 143 "$STARTED_PID"
}

@test "--duration lets a program go although nobody reads its trace" {
	unread "$TMP/fifo"
	start "$FTRACE" --duration 500ms --format=jsonl -u main.work -o "$TMP/fifo" "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/go" exit 4
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	wait_for 10 no_new_probe
	touch "$TMP/go"
	bounded cat "$TMP/fifo" 9>&- >"$TMP/trace" 3>&- &
	exec 9>&-
	ends_soon 4 "$STARTED_PID"
}
