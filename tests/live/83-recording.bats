#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Recordings: written by the tracer, read without anything that it had.

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

# calls FORMAT-OPTIONS... FILE: how many the recording has.
calls() { "$FTRACE" report -q --format jsonl "$@" | jq -s '[.[] | select(.type == "call")] | length'; }

@test "what is reported is what was recorded: the file is taken by its name, an old one is kept" {
	"$FTRACE" record -q -u 'main.*' --exec "$STEPS" -- work 20 each 3 >/dev/null
	[ -s ftrace.data ]
	[ ! -e ftrace.data.old ]
	first=$(calls)
	[ "$first" -gt 0 ]
	"$FTRACE" record -u 'main.*' --exec "$STEPS" -- work 20 each 3 >/dev/null 2>err
	[ -s ftrace.data.old ]
	# What the tracer counted is in it, and is said again.
	"$FTRACE" report >text 2>said
	diff <(tail -n 1 err) <(tail -n 1 said)
	[ "$(grep -c 'main\.' text)" -ge "$first" ]
	"$FTRACE" report -q - <ftrace.data | diff - text
	"$FTRACE" report -q ftrace.data.old >/dev/null
}

@test "a report needs neither the program, nor root, nor this machine" {
	"$FTRACE" record -q --waits --signals -u 'main.*' -o r.ftrace --exec "$STEPS" -- work 20 each 3 >/dev/null
	mkdir -p root/lib64
	cp "$FTRACE" r.ftrace root
	ldd "$FTRACE" | grep -o '/[^ ]*' | while read -r lib; do
		mkdir -p "root${lib%/*}"
		cp -L "$lib" "root$lib"
	done
	chmod -R a+rX root
	TZ=UTC "$FTRACE" report -q r.ftrace >here
	TZ=UTC chroot --userspec=65534:65534 root /ftrace report -q /r.ftrace >there
	[ -s there ]
	diff here there
}

@test "formats of a recording are those of a trace" {
	"$FTRACE" record -q -u 'main.*' -o r.ftrace --exec "$STEPS" -- work 20 each 3 >/dev/null
	count=$(calls r.ftrace)
	[ "$("$FTRACE" report -q --format chrome r.ftrace | jq '[.[] | select(.ph == "X" or .ph == "B")] | length')" = "$count" ]
	"$FTRACE" report -q -o x.pb.gz r.ftrace
	"$("$ROOT/scripts/find-go")" tool pprof -raw x.pb.gz | grep -q '^calls/count'
	[ "$("$FTRACE" report -q --summary=only --format jsonl r.ftrace | jq -s '[.[] | select(.type == "function") | .calls] | add')" -le "$count" ]
}

@test "what is damaged or cut is missing, and told: the rest is shown, the status is 1" {
	"$FTRACE" record -q -u 'main.*' -o r.ftrace --exec "$STEPS" -- work 20 each 3 >/dev/null
	size=$(stat -c %s r.ftrace)
	head -c $((size / 2)) r.ftrace >cut.ftrace
	status=0
	"$FTRACE" report cut.ftrace >/dev/null 2>err || status=$?
	[ "$status" = 1 ]
	grep -q 'cut.ftrace: it has no end' err
	echo "no recording at all, but long enough to be one" >other
	status=0
	"$FTRACE" report other 2>err || status=$?
	[ "$status" = 1 ]
	grep -q "^ftrace: other: no recording; name a file that 'ftrace record' wrote$" err
	status=0
	"$FTRACE" report none.ftrace 2>err || status=$?
	[ "$status" = 1 ]
	grep -q '^ftrace: none.ftrace: No such file or directory; ' err
}

# has_calls FILE: of one that is still written.
has_calls() { "$FTRACE" report -q --format jsonl "$1" 2>/dev/null | grep -q '"type":"call"'; }

@test "a recorder that is killed leaves what it had written" {
	start_steps forever
	"$FTRACE" record -q -u 'main.*' -o k.ftrace -p "$PROGRAM" 2>/dev/null &
	recorder=$!
	STARTED+=("$recorder")
	wait_for 20 has_calls k.ftrace
	kill -KILL "$recorder"
	wait "$recorder" 2>/dev/null || :
	status=0
	"$FTRACE" report -q k.ftrace >text 2>err || status=$?
	[ "$status" = 1 ]
	grep -q 'k.ftrace: it has no end: the recorder was killed, or the file was cut' err
	grep -q 'main.work' text
}
