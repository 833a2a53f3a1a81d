#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --flight: what is around a call that satisfies --when, and nothing else. Which calls these are exactly is in tests/cases/flight*.

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

# flown ARG...: of a program that works all along, until main.slow has taken long once.
flown()
{
	start "$STEPS" touch ready forever
	traced 0 -u main.work -u main.inner --flight 200ms --when 'main.slow: $duration > 1ms' --max-calls 1 "$@" \
		--exec "$STEPS" -- work 50 slow 20 work 2000 slow 300
}

@test "around the call that satisfies it calls are written, with their ids, and the tracing ends behind it" {
	flown --format jsonl
	# What was before is as old as the program: all of it; what comes after is in the time of main.slow(20).
	expect_json '[.[] | select(.type == "call") | .func] | group_by(.) | map(.[0])' '["main.inner","main.slow","main.work"]'
	expect_json '[.[] | select(.type == "call") | .id] | . == [range(1; length + 1)]' true
	expect_json '([.[] | select(.type == "call")] | length) == .[-1].calls' true
	expect_json '[.[] | select(.func == "main.slow" and .duration != null)] | length' 1
	expect_json '[.[] | select(.type == "call" and .parent != null) | .func] | unique | .[]' main.inner
	grep -q 'a call satisfied --when: what is around it is written to stdout' "$FTRACE_ERR"
}

@test "what --when compares is read, and is shown only where it would be without" {
	traced 0 -u main.work --no-args --flight 1m --when 'main.work: n == 7' --format jsonl --exec "$STEPS" -- work 10
	expect_json '[.[] | select(.type == "call")] | (length, (map(.args) | unique | .[0]))' $'10\nnull'
	traced 0 -u main.work --flight 1m --when 'main.*: $duration > 1m' --when 'main.inner: n == 7' --exec "$STEPS" -- work 10
	[ "$(grep -c 'main.inner(n=' "$FTRACE_OUT")" = 10 ]
	# As it begins: the one that never ends is there, open.
	start "$FTRACE" -u main.work --flight 100ms --when 'main.hang: name == "hung"' --max-calls 1 --exec "$STEPS" -- work 3 hang hung
	wait_for 20 grep -q 'still running' "$STARTED_OUT"
	expect "$STARTED_OUT" 'main.hang(name="hung"); /* still running */'
}

# Nothing of it has been written so far, but for the header.
@test "until a call satisfies it the file has its header at most" {
	start "$STEPS" forever
	program=$STARTED_PID
	for file in none.jsonl none.txt none.ftrace; do
		start_traced -u 'main.*' --flight 1s --when 'main.work: n < 0' -o "$file" -p "$program"
		wait_for 20 test -e "$file"
		sleep 0.5
		case $file in
		*.jsonl) [ "$(wc -l <"$file")" -le 1 ] ;;
		*.txt) [ ! -s "$file" ] ;;
		*) ! "$FTRACE" report -q --format jsonl "$file" 2>/dev/null | grep -q '"type":"\(call\|process\)"' ;;
		esac
		stop "$TRACER" INT
		expect "$CHATTER" 'no call satisfied --when: nothing was written'
	done
	! "$FTRACE" report -q --format jsonl none.ftrace | grep -q '"type":"call"'
}

@test "what is written as a recording is what is written as lines" {
	flown -o f.ftrace
	"$FTRACE" report -q --format jsonl f.ftrace >"$FTRACE_OUT"
	expect_json '[.[] | select(.type == "call") | .id] | . == [range(1; length + 1)]' true
	expect_json '[.[] | select(.func == "main.slow" and .duration != null)] | length' 1
	expect_json '([.[] | select(.type == "call")] | length) == .[-1].calls' true
}

@test "memory is bounded, however much comes: what had no room is counted" {
	traced 0 -u main.work -u main.inner --flight 10m --flight-size 256K --when 'main.slow: true' -o m.jsonl \
		--exec "$STEPS" -- work 60000 slow 20
	expect_json '.[-1] | .overwritten > 1000' true m.jsonl
	expect "$FTRACE_ERR" 'use a larger --flight-size'
}

@test "what does not go together is refused" {
	when=(--when 'main.work: true')
	refused 2 "--flight: nothing says when to write; give --when 'GLOB: EXPR'" --flight 1s "$STEPS"
	refused 2 '--when: all is written as it comes; use it with --flight' "${when[@]}" "$STEPS"
	refused 2 '--flight-size: all is written as it comes; use it with --flight' --flight-size 1M "$STEPS"
	refused 2 "--flight-size: '100K': less than 256K; *" --flight 1s "${when[@]}" --flight-size 100K "$STEPS"
	refused 2 '--flight: --format html is no stream; *' --flight 1s "${when[@]}" -o x.html "$STEPS"
	refused 2 '--flight: a table would count what is not written; *' --flight 1s "${when[@]}" --summary "$STEPS"
	refused 2 '--flight: a table would count what is not written; *' --flight 1s "${when[@]}" --summary=only --interval 1s "$STEPS"
	refused 2 '--flight: trees are kept whole; *' --flight 1s "${when[@]}" --stream "$STEPS"
	refused 2 '--when: filter 1, column *' --flight 1s --when 'main.work: n >' "$STEPS"
	refused 1 "--when: filter 1, column 12: *" --flight 1s --when 'main.work: nothere == 1' "$STEPS"
	traced 1 --flight 1s --when 'main.nothere: true' "$STEPS"
	expect "$FTRACE_ERR" 'ftrace: --when: none of its functions is there, so nothing would ever be written; '
}

@test "SIGHUP reopens the file, also where nothing was written as yet" {
	start "$STEPS" forever
	start_traced -u main.work --flight 100ms --when 'main.work: n & 0xff' -o h.jsonl -p "$STARTED_PID"
	wait_for 20 grep -q '"type":"call"' h.jsonl
	mv h.jsonl h.old
	kill -HUP "$TRACER"
	wait_for 20 grep -q '"type":"call"' h.jsonl
	stop "$TRACER" INT
	tail -n 1 h.jsonl | grep -q '"type":"summary"'
}
