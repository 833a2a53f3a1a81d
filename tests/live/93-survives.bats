#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is left of a recording whatever happens to its recorder, its disk or the file: every whole block, and a word about the
# rest. Here in short; `make test-recording` does the same often.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	cd "$TMP" || return 1
}

teardown()
{
	stop_all
	! mountpoint -q "$BATS_TEST_TMPDIR/small" || umount "$BATS_TEST_TMPDIR/small"
	no_probes_left
}

# due FILE: the calls that it must still have; nothing where it has no beginning.
due() { python3 "$ROOT/tests/live/blocks.py" "$1"; }

# read_again STATUS FILE: report gives every whole block and ends with that status; or says in one line that nothing is in it.
read_again()
{
	local status=0 got want

	"$FTRACE" report -q --format jsonl "$2" >shown 2>said || status=$?
	want=$(due "$2")
	if [ -z "$want" ]; then
		[ "$status" = 1 ] && [ "$(wc -l <said)" = 1 ] && grep -q "^ftrace: $2: nothing is in the recording" said ||
			fail "$2, $(stat -c %s "$2") bytes: status $status: $(cat said)"
		return
	fi
	got=$(grep -c '^{"type":"call"' shown || :)
	[ "$(tail -n 1 shown | jq -r '"\(.type) \(.calls)"')" = "summary $got" ] || fail "$2: $got calls: $(tail -n 1 shown)"
	[ "$got" = "$want" ] || fail "$2: $got calls, not $want: $(cat said)"
	[ "$status" = "$1" ] || fail "$2: status $status, not $1: $(cat said)"
	[ "$status" = 0 ] || grep -q "^ftrace: $2: it has no end: the recorder was killed, or the file was cut$" said ||
		fail "$2: $(cat said)"
}

# some_time MILLISECONDS: waits for less than that.
some_time() { sleep "$(printf '%d.%03d' $((RANDOM % $1 / 1000)) $((RANDOM % $1 % 1000)))"; }

# killed ARG...: a recorder that is killed at any moment.
killed()
{
	rm -f k.ftrace
	start "$FTRACE" record -q -u 'main.*' -o k.ftrace "$@" -p "$PROGRAM"
	some_time 2000
	kill -KILL "$STARTED_PID" || fail "$(cat "$STARTED_ERR")"
	stop "$STARTED_PID" KILL || :
	[ ! -e k.ftrace ] || read_again 1 k.ftrace
	kill -0 "$PROGRAM" || fail "the program has gone, too"
}

@test "kill -9 of the recorder at any moment" {
	start_steps spin
	for ((round = 0; round < ${RECORDING_KILLS:-4}; round += 2)); do
		killed
		killed --max-size 128K
	done
}

@test "cut anywhere" {
	"$FTRACE" record -q -u 'main.*' -o whole --exec "$STEPS" -- work 20 slow 1100 each 10 work 20 >/dev/null
	read_again 0 whole
	size=$(stat -c %s whole)
	# Behind the summary there is only the index, which nobody misses.
	end=$(LC_ALL=C grep -abo block whole | tail -n 1)
	end=$((${end%%:*} - 1))
	for ((at = 0; at < size; at += ${RECORDING_STEP:-512})); do
		head -c "$at" whole >cut
		if [ "$at" -lt "$end" ]; then
			read_again 1 cut
		else
			"$FTRACE" report -q --format jsonl cut 2>/dev/null | cmp - <("$FTRACE" report -q --format jsonl whole)
		fi
	done
}

@test "a disk that is full: one line, what was written is there, the program goes on" {
	mkdir small
	mount -t tmpfs -o size=384K none small
	start_steps spin
	for bound in '' '--max-size 4M'; do
		# shellcheck disable=SC2086 # words
		refused 1 "small/r: No space left on device; what was written so far is whole" \
			record -q -u 'main.*' -o small/r $bound -p "$PROGRAM"
		mv small/r full
		read_again 1 full
		[ "$(due full)" -gt 0 ]
	done
	kill -0 "$PROGRAM"
	# One that was started runs to its end.
	head -c 350K /dev/zero >small/fill
	status=0
	"$FTRACE" record -q -u 'main.*' -o small/r --exec "$STEPS" -- work 100000 print done >out 2>err || status=$?
	[ "$status" = 125 ]
	grep -qxF 'ftrace: small/r: No space left on device; what was written so far is whole' err
	[ "$(cat out)" = done ]
}

# interrupted SIGNAL: a recorder that is sent it at any moment, from its start on.
interrupted()
{
	local status=0 tries

	rm -f i.ftrace
	start "$FTRACE" record -q -u 'main.*' -o i.ftrace -p "$PROGRAM"
	some_time "${RECORDING_PATIENCE:-300}"
	kill "-$1" "$STARTED_PID" 2>/dev/null || :
	# Of SIGHUP it says only that the file stays the one it is; what comes before it listens is not heard: a shell has its
	# children in the background ignore SIGINT.
	some_time 300
	for ((tries = 0; tries < 20; tries++)); do
		has_ended "$STARTED_PID" && break
		[ "$1" = HUP ] || [ "$tries" -gt 10 ] && kill -TERM "$STARTED_PID" 2>/dev/null
		sleep 0.2
	done
	wait "$STARTED_PID" || status=$?
	case $status in
	0) [ ! -e i.ftrace ] || [ ! -s i.ftrace ] || read_again 0 i.ftrace ;;
	129 | 130 | 143) ;;
	*) fail "SIG$1: status $status: $(cat "$STARTED_ERR")" ;;
	esac
	[ ! -e i.ftrace ] || [ -s i.ftrace ] || read_again 1 i.ftrace
}

@test "SIGHUP, SIGTERM and SIGINT at any moment" {
	start_steps forever
	for ((round = 0; round < ${RECORDING_SIGNALS:-2}; round++)); do
		interrupted HUP
		interrupted TERM
		interrupted INT
	done
}
