#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace report -f: a recording that is read while it is written, and how that ends.

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
	no_probes_left
}

# record FILE: of a program that goes on until it is stopped. Sets RECORDER and PROGRAM.
record()
{
	start "$STEPS" forever
	PROGRAM=$STARTED_PID
	start "$FTRACE" record -u 'main.*' -o "$1" -p "$PROGRAM"
	RECORDER=$STARTED_PID
	wait_for 20 attached "$STARTED_ERR"
	wait_for 20 test -s "$1"
}

# follow FILE: sets FOLLOWER, FOLLOWED (what it shows) and FOLLOWED_ERR.
follow()
{
	start "$FTRACE" report -f --format jsonl "$1"
	FOLLOWER=$STARTED_PID FOLLOWED=$STARTED_OUT FOLLOWED_ERR=$STARTED_ERR
}

# shown COUNT: so many calls have come.
shown() { [ "$(grep -c '"type":"call"' "$FOLLOWED")" -ge "$1" ]; }

# ended PID STATUS
ended()
{
	local status=0

	wait "$1" || status=$?
	[ "$status" = "$2" ] || fail "status $status, not $2: $(cat "$FOLLOWED_ERR")"
}

# has_calls FILE: of one that is still written.
has_calls() { "$FTRACE" report -q --format jsonl "$1" 2>/dev/null | grep -q '"type":"call"'; }

gone() { ! kill -0 "$1" 2>/dev/null; }

@test "calls come while they are recorded, and the report ends with the recording: as if it had been read later" {
	record r.ftrace
	follow r.ftrace
	wait_for 20 shown 1
	first=$(grep -c '"type":"call"' "$FOLLOWED")
	wait_for 20 shown $((first + 1))
	stop "$RECORDER" INT
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 0
	"$FTRACE" report --format jsonl r.ftrace 2>said | diff - "$FOLLOWED"
	diff said "$FOLLOWED_ERR"
}

@test "a recorder that is killed ends it: what is missing is said" {
	record r.ftrace
	follow r.ftrace
	wait_for 20 shown 1
	kill -KILL "$RECORDER"
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 1
	grep -qxF 'ftrace: r.ftrace: it has no end: the recorder was killed, or the file was cut' "$FOLLOWED_ERR"
	tail -n 1 "$FOLLOWED" | grep -q '"type":"summary"'
}

@test "Ctrl-C ends it, and is no error; the recorder goes on" {
	record r.ftrace
	follow r.ftrace
	wait_for 20 shown 1
	kill -TERM "$FOLLOWER"
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 0
	! grep -q 'no end' "$FOLLOWED_ERR"
	tail -n 1 "$FOLLOWED" | grep -q '"type":"summary"'
	kill -0 "$RECORDER"
}

@test "a file that nobody has open is waited for, which is said; what comes then is shown" {
	record r.ftrace
	wait_for 20 has_calls r.ftrace
	stop "$RECORDER" INT
	size=$(stat -c %s r.ftrace)
	head -c $((size / 2)) r.ftrace >copy
	follow copy
	wait_for 20 grep -qxF 'ftrace: copy: no recorder of this machine has it open; waiting for more, Ctrl-C ends' "$FOLLOWED_ERR"
	tail -c +$((size / 2 + 1)) r.ftrace >>copy
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 0
	"$FTRACE" report -q --format jsonl r.ftrace | diff - "$FOLLOWED"
	# Also one whose recorder has only made it.
	: >empty
	follow empty
	wait_for 20 grep -qF 'ftrace: empty: no recorder of this machine has it open' "$FOLLOWED_ERR"
	cat r.ftrace >>empty
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 0
	"$FTRACE" report -q --format jsonl r.ftrace | diff - "$FOLLOWED"
}

@test "a file that is cut, or that another one takes the name of, is given up" {
	record r.ftrace
	head -c 2000 r.ftrace >copy
	cp copy other
	follow copy
	wait_for 20 grep -q 'waiting for more' "$FOLLOWED_ERR"
	: >copy
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 1
	grep -qxF 'ftrace: copy: it was cut while it was followed; report it again' "$FOLLOWED_ERR"
	follow other
	wait_for 20 grep -q 'waiting for more' "$FOLLOWED_ERR"
	cp r.ftrace new
	mv new other
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 1
	grep -q '^ftrace: other: another file has its name now, and nobody writes this one; ' "$FOLLOWED_ERR"
	# One that is still written is followed under whatever name.
	follow r.ftrace
	wait_for 20 shown 1
	mv r.ftrace moved
	: >r.ftrace
	first=$(grep -c '"type":"call"' "$FOLLOWED")
	wait_for 20 shown $((first + 1))
	stop "$RECORDER" INT
	wait_for 20 gone "$FOLLOWER"
	ended "$FOLLOWER" 0
}

@test "a pipe shows what has come, before the rest is there" {
	record r.ftrace
	wait_for 20 has_calls r.ftrace
	cp r.ftrace part
	mkfifo pipe
	"$FTRACE" report --format jsonl - <pipe >out 2>err 3>&- &
	STARTED+=($!)
	exec 9>pipe
	cat part >&9
	FOLLOWED=out
	wait_for 20 shown 1
	exec 9>&-
}
