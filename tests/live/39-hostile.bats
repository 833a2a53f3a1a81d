#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Executables that are made to cost whoever reads them any amount of time and memory: each is held to 10 s of
# processor time and 512 MB, which "bombs held" measures of the process itself.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	BOMBS=$(build_go "$ROOT/tests/live/programs/bombs" bombs)
	cp "$STEPS" "$TMP/prog"
}

teardown()
{
	stop_all
	no_probes_left
}

# bomb KIND: makes $TMP/KIND.
bomb() { "$BOMBS" "$1" "$STEPS" "$TMP/$1"; }

# held STATUS KIND ARG...: `ftrace list ARG... $TMP/KIND` ends so, within its bounds, and says one line at most. Its
# stdout is in $TMP/out, its stderr in $TMP/err.
held()
{
	local want=$1 kind=$2 got=0

	shift 2
	bomb "$kind"
	bounded "$BOMBS" held "$FTRACE" list "$@" "$TMP/$kind" >"$TMP/out" 2>"$TMP/err" 3>&- || got=$?
	rm -f "$TMP/$kind"
	[ "$got" = "$want" ] || fail "$kind: status $got, not $want
$(cat "$TMP/err")" || return 1
	[ "$(wc -l <"$TMP/err")" -le 1 ] || fail "$kind: not one line: $(cat "$TMP/err")"
}

NOT_USED="its debug information is larger than any program needs"

@test "headers of function tables everywhere, loaded many times over" {
	for kind in scan overlap; do
		held 1 "$kind"
		expect "$TMP/err" "not a Go program"
	done
}

@test "files of many gigabytes that are nearly all hole" {
	held 1 sparse
	expect "$TMP/err" "not a Go program"
	for kind in longer endless symbols; do
		held 0 "$kind" -u main.work
		expect "$TMP/out" "1 function, 1 entry, 1 exit"
	done
}

@test "functions that lie over each other, or all have one very long name" {
	for kind in disorder names; do
		held 1 "$kind" -u '*'
		expect "$TMP/err" "its Go function table (pclntab) is damaged"
	done
}

@test "debug information that unpacks to gigabytes, says so, or says less than it does" {
	for kind in inflate liar; do
		held 0 "$kind" -u main.work
		expect "$TMP/out" "1 function, 1 entry, 1 exit"
		expect "$TMP/err" "$NOT_USED"
		held 1 "$kind" -u main.work --args
		expect "$TMP/err" "$NOT_USED"
	done
	held 0 modest -u main.work
	expect "$TMP/out" "1 function, 1 entry, 1 exit"
}

@test "units that share a table of abbreviations, and types that share a name, without end" {
	for kind in abbrevs text; do
		held 0 "$kind" -u main.work
		expect "$TMP/out" "1 function, 1 entry, 1 exit"
	done
}

@test "types in each other sixty deep, and in themselves" {
	for kind in nested cycle; do
		held 0 "$kind" -u main.work --args
		expect "$TMP/out" "1 function, 1 entry, 1 exit"
	done
}

# reads: has the started ftrace begun to read?
reads() { [ "$(find "/proc/$STARTED_PID/task" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ]; }

@test "a signal while a file is read ends it at once" {
	bomb text
	for signal in INT TERM; do
		start "$FTRACE" list -u main.work "$TMP/text"
		wait_for 10 reads
		kill "-$signal" "$STARTED_PID"
		ended $((128 + $(kill -l "$signal"))) "$STARTED_PID"
		[ ! -s "$STARTED_OUT" ]
		start "$FTRACE" -u main.work "$TMP/text"
		wait_for 10 reads
		kill "-$signal" "$STARTED_PID"
		ended 0 "$STARTED_PID"
		expect "$STARTED_ERR" "interrupted while it was read; nothing was done"
	done
}

# renamed KIND: that file takes the place of the traced one.
renamed()
{
	bomb "$1"
	mv "$TMP/$1" "$TMP/prog"
}

said() { grep -q "^ftrace: $TMP/prog: replaced by a $1" "$CHATTER"; }

@test "renamed over a traced file: nothing is lost of what runs, and Ctrl-C works" {
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go" work 2000
	old=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl -u main.work "$TMP/prog"
	renamed scan
	touch "$TMP/go"
	wait_for 30 said "file that is not traced: .*not a Go program"
	ended 0 "$old"
	renamed inflate
	wait_for 30 said "new build; following it"
	wait_for 30 grep -q "$NOT_USED" "$CHATTER"
	"$TMP/prog" work 3
	stop "$TRACER" INT
	sound "$TRACE"
	nothing_lost "$TRACE"
	[ "$(count main.work "$TRACE")" = 2003 ]
}
