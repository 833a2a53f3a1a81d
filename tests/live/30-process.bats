#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Which processes are traced, how a run starts, and how it ends.

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
	stop_all
	no_probes_left
}

# Both of main.work and main.inner, to have trees.
PAIR=(--format=jsonl -u main.work -u main.inner)

# code_of PID: checksum of the code of steps, as the process has it, breakpoints and all.
code_of()
{
	local range first last

	read -r range _ < <(grep -m 1 "r-xp.*/steps\$" "/proc/$1/maps")
	first=$((16#${range%-*})) last=$((16#${range#*-}))
	dd if="/proc/$1/mem" bs=64K iflag=skip_bytes,count_bytes skip=$first count=$((last - first)) \
		2>/dev/null | sha256sum
}

@test "BINARY: a process that ran before, and those that start later" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 2
	before=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced "${PAIR[@]}" "$STEPS"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$TMP/go"
	ended 0 "$before"
	start "$STEPS" work 3
	first=$STARTED_PID
	start "$STEPS" work 4
	ended 0 "$first"
	ended 0 "$STARTED_PID"
	stop "$TRACER" INT
	sound "$TRACE"
	nothing_lost "$TRACE"
	expect_json "[.[] | select(.func == \"main.work\" and .pid == $before)] | length" 2 "$TRACE"
	expect_json "[.[] | select(.func == \"main.work\" and .pid == $first)] | length" 3 "$TRACE"
	expect_json "[.[] | select(.func == \"main.inner\" and .pid == $STARTED_PID)] | length" 4 "$TRACE"
	expect_json '[.[] | select(.type == "process")] | length' 3 "$TRACE"
}

@test "BINARY: children that run the same file" {
	start_traced "${PAIR[@]}" "$STEPS"
	"$STEPS" work 1 spawn work 2 spawn work 3
	stop "$TRACER" INT
	sound "$TRACE"
	expect_json '[.[] | select(.func == "main.work") | .pid] | group_by(.) | map(length) | sort' \
		'[1,2,3]' "$TRACE"
}

@test "BINARY: a name without a slash is looked up here, then in PATH" {
	cd "$TMP"
	ln -s "$STEPS" here
	traced 0 -q --duration 1ms here
	mkdir bin
	ln -s "$STEPS" bin/list
	PATH=$TMP/bin:$PATH traced 0 "${PAIR[@]}" --exec list -- work 1
	expect_json "[.[] | select(.type == \"call\")] | length" 2
	ln -s "$STEPS" list
	traced 0 "${PAIR[@]}" ./list -- work 1
	expect_json "[.[] | select(.type == \"call\")] | length" 2
	# A process that has ended long ago has its path all the same.
	expect_json '[.[] | select(.type == "process") | .exe]' "[\"$STEPS\"]"
}

@test "-p: one process and its threads, no other of the same file, no child" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 2 each 3 spawn work 10
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced "${PAIR[@]}" -p "$target"
	"$STEPS" work 20
	touch "$TMP/go"
	ended 0 "$target"
	ended 0 "$TRACER"
	sound "$TRACE"
	expect_json '[.[] | select(.type == "call") | .pid] | unique' "[$target]" "$TRACE"
	[ "$(count main.work "$TRACE")" = 5 ]
	[ "$(count main.inner "$TRACE")" = 5 ]
}

@test "-p: several processes of several files; it ends with the last" {
	other=$(build_go "$ROOT/tests/live/programs/steps" other local -ldflags=-s)
	start "$STEPS" touch "$TMP/1" await "$TMP/go1" work 1
	one=$STARTED_PID
	start "$STEPS" touch "$TMP/2" await "$TMP/go2" work 2
	two=$STARTED_PID
	start "$other" touch "$TMP/3" await "$TMP/go3" work 3
	three=$STARTED_PID
	for i in 1 2 3; do
		wait_for 10 test -e "$TMP/$i"
	done
	start_traced "${PAIR[@]}" -p "$one,$two" -p "$three" -p "$one"
	expect "$CHATTER" " and 1 more: "
	expect "$CHATTER" "; 3 processes; "
	touch "$TMP/go1"
	ended 0 "$one"
	touch "$TMP/go2" "$TMP/go3"
	ended 0 "$two"
	ended 0 "$three"
	ended 0 "$TRACER"
	sound "$TRACE"
	for pid in "$one 1" "$two 2" "$three 3"; do
		expect_json "[.[] | select(.func == \"main.work\" and .pid == ${pid% *})] | length" \
			"${pid#* }" "$TRACE"
	done
}

@test "-p: a target that is killed leaves its calls with exit, and ftrace ends with 0" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" hang "$TMP/hangs"
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl -u main.hang -p "$target"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/hangs"
	kill -KILL "$target"
	ended 0 "$TRACER"
	expect_json '[.[] | select(.type == "call") | .func, .end, .duration]' \
		'["main.hang","exit",null]' "$TRACE"
	expect_json '.[-1] | .type, .open' $'summary\n0' "$TRACE"
}

@test "--exec and --: from the first instruction to the last, no call missed" {
	traced 0 --format=jsonl -u 'main.*' --exec "$STEPS" -- work 100 each 20 nest 50
	sound "$FTRACE_OUT"
	nothing_lost "$FTRACE_OUT"
	[ "$(count main.main)" = 1 ]
	[ "$(count main.work)" = 120 ]
	[ "$(count main.inner)" = 120 ]
	[ "$(count main.nest)" = 50 ]
	expect_json '[.[] | select(.func == "main.nest") | .depth] | max - min' 49
	expect_json '[.[] | select(.type == "call" and .end != "return")] | length' 0
	expect_json '[.[] | select(.func == "main.main") | .caller.func]' '["runtime.main"]'
}

@test "--exec: the process itself, not its children" {
	traced 0 "${PAIR[@]}" --exec "$STEPS" -- work 1 spawn work 10
	[ "$(count main.work)" = 1 ]
	expect_json '[.[] | select(.type == "process")] | length' 1
}

@test "--exec: goes on when the process runs the same file again, from whatever thread" {
	traced 0 "${PAIR[@]}" --exec "$STEPS" -- work 2 become work 3 become work 4
	sound "$FTRACE_OUT"
	[ "$(count main.work)" = 9 ]
}

@test "-p: goes on when the process runs the same file again, from whatever thread, no call missed" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 2 become work 3 become work 4
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced "${PAIR[@]}" -u main.main -p "$target"
	touch "$TMP/go"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 9 ]
	# main.main ran already, and ends in no way that is seen; two more began.
	expect_json '[.[] | select(.func == "main.main" and .start != null)] | length' 2 "$TRACE"
	expect_json '[.[] | select(.type == "call") | .pid] | unique' "[$target]" "$TRACE"
}

@test "-p: where others run the file they pay nothing, and it goes on all the same" {
	start "$STEPS" touch "$TMP/other" await "$TMP/end" work 5
	other=$STARTED_PID
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 2 become touch "$TMP/again" \
		await "$TMP/on" work 3
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/other"
	wait_for 10 test -e "$TMP/up"
	plain=$(code_of "$other")
	start_traced "${PAIR[@]}" -p "$target"
	[ "$(code_of "$other")" = "$plain" ]
	[ "$(code_of "$target")" != "$plain" ]
	before=$(probes)
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/again"
	# Attaching anew takes a moment, and nothing is promised for that one.
	as_many_new() {
		[ "$(LC_ALL=C comm -13 <(echo "$before") <(probes) | wc -l)" -ge \
			"$(LC_ALL=C comm -13 <(echo "$PROBES_BEFORE") <(echo "$before") | wc -l)" ]
	}
	wait_for 10 as_many_new
	touch "$TMP/on"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 5 ]
	touch "$TMP/end"
	ended 0 "$other"
}

@test "the program has its own stdin, stdout and stderr, and no other file of ftrace" {
	"$FTRACE" -q -o "$TMP/trace" --exec "$STEPS" -- files </dev/null >"$TMP/traced" 2>/dev/null 3>&-
	# Behind the three what Go opens by itself.
	[ -z "$(grep -vE '^[012] |^[0-9]+ (anon_inode:|/proc/)' "$TMP/traced")" ]
	grep -q '^0 /dev/null' "$TMP/traced"
	grep -q "^1 $TMP/traced" "$TMP/traced"
	printf 'a\nb\n' | "$FTRACE" -q -o "$TMP/trace" --exec "$STEPS" -- print out warn err cat \
		>"$TMP/out" 2>"$TMP/err" 3>&-
	[ "$(cat "$TMP/out")" = $'out\na\nb' ]
	[ "$(cat "$TMP/err")" = err ]
	grep -q main.main "$TMP/trace"
}

@test "the program's exit status is passed on, or 128 and its signal" {
	traced 0 -q "$STEPS" -- exit 0
	traced 7 -q "$STEPS" -- exit 7
	traced 2 -q --exec "$STEPS" -- exit 2
	traced 137 -q --exec "$STEPS" -- kill 9
	traced 143 -q "$STEPS" -- kill 15
	traced 5 -q --max-calls 1 "$STEPS" -- work 3 exit 5
}

@test "-- alone starts the program without arguments" {
	traced 0 --format=jsonl "$STEPS" --
	[ "$(count main.main)" = 1 ]
	traced 0 -q -o "$TMP/trace" "$STEPS" -- args
	[ "$(cat "$FTRACE_OUT")" = 1 ]
	traced 99 -q -o "$TMP/trace" --exec "$STEPS" -- args -- -p --exec
	[ "$(cat "$FTRACE_OUT")" = 4 ]
}

@test "-- does not go with -p or list" {
	refused 2 '*: *; *' -p $$ -- a
	refused 2 '*: *; *' -p $$ --
	refused 2 '*: *; *' list "$STEPS" --
	refused 2 '*: *; *' list "$STEPS" -- a
	refused 2 '*: *; *' --exec "$STEPS" -p $$
	refused 2 '*: *; *' list --exec "$STEPS"
}

@test "what cannot be started: 127, 126, 125" {
	cp "$STEPS" "$TMP/plain"
	chmod -x "$TMP/plain"
	refused 127 "$TMP/none: *; *" --exec "$TMP/none"
	refused 127 "$TMP/none: *; *" "$TMP/none" -- a
	refused 126 "$TMP: a directory; *" --exec "$TMP"
	refused 126 "$TMP/plain: not executable; *" --exec "$TMP/plain"
	printf '#!/bin/sh\n' >"$TMP/script"
	chmod +x "$TMP/script"
	refused 126 "$TMP/script: not an ELF file; *" --exec "$TMP/script"
	refused 125 "/bin/true: not a Go program *; *" --exec /bin/true
	refused 125 "$STEPS: no function matches 'main.wrok'; did you mean main.work, *?" \
		-u main.wrok "$STEPS" --
	chmod 755 "$TMP"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$FTRACE" --exec /bin/true
	[ "$status" = 125 ]
}

@test "--duration with a started program: detach, summary at once, wait for it" {
	start "$FTRACE" --duration 50ms --format=jsonl "$STEPS" -- await "$TMP/go" touch "$TMP/done" exit 3
	wait_for 10 grep -q summary "$STARTED_OUT"
	wait_for 10 grep -q 'records, 0 lost' "$STARTED_ERR"
	wait_for 5 no_new_probe
	[ ! -e "$TMP/done" ]
	touch "$TMP/go"
	ended 3 "$STARTED_PID"
	[ -e "$TMP/done" ]
}

@test "--max-calls with a started program: detach, summary at once, wait for it" {
	start "$FTRACE" --max-calls 5 "${PAIR[@]}" "$STEPS" -- work 9 await "$TMP/go" work 9 exit 3
	wait_for 10 grep -q summary "$STARTED_OUT"
	wait_for 5 no_new_probe
	touch "$TMP/go"
	ended 3 "$STARTED_PID"
	sound "$STARTED_OUT"
	[ "$(count main.work "$STARTED_OUT")" = 5 ]
}

@test "--duration ends a run without a started program" {
	traced 0 --duration 20ms "$STEPS"
	expect "$FTRACE_ERR" "0 calls"
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	traced 0 --duration 20ms -p "$STARTED_PID"
	kill -0 "$STARTED_PID"
}

@test "SIGINT and SIGTERM to ftrace end a trace with its summary" {
	for sig in INT TERM; do
		start_traced "${PAIR[@]}" "$STEPS"
		"$STEPS" work 2
		stop "$TRACER" "$sig" || fail "exit status $?"
		sound "$TRACE"
		[ "$(count main.work "$TRACE")" = 2 ]
		expect "$CHATTER" "4 calls, 8 records, 0 lost"
	done
}

@test "SIGINT and SIGTERM to ftrace alone go on to the started program, and tracing goes on" {
	start_traced "${PAIR[@]}" "$STEPS" -- catch "$TMP/caught" touch "$TMP/up" await "$TMP/go" work 3 exit 6
	wait_for 10 test -e "$TMP/up"
	kill -TERM "$TRACER"
	wait_for 10 grep -q terminated "$TMP/caught"
	touch "$TMP/go"
	ended 6 "$TRACER"
	[ "$(count main.work "$TRACE")" = 3 ]
	[ "$(cat "$TMP/caught")" = terminated ]
	start_traced "${PAIR[@]}" "$STEPS" -- touch "$TMP/up2" forever
	wait_for 10 test -e "$TMP/up2"
	kill -TERM "$TRACER"
	ended 143 "$TRACER"
	expect_json '.[-1].type' summary "$TRACE"
}

@test "a second signal to ftrace detaches and does not wait" {
	start_traced "${PAIR[@]}" "$STEPS" -- catch "$TMP/caught" touch "$TMP/up" await "$TMP/go" touch "$TMP/done"
	wait_for 10 test -e "$TMP/up"
	child=$(pgrep -P "$TRACER")
	kill -INT "$TRACER"
	wait_for 10 grep -q interrupt "$TMP/caught"
	kill -TERM "$TRACER"
	ended 143 "$TRACER"
	expect_json '.[-1].type' summary "$TRACE"
	kill -0 "$child"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/done"
	[ "$(wc -l <"$TMP/caught")" = 1 ]
	wait_for 10 has_ended "$child"
}

@test "the terminal's Ctrl-C reaches the program once" {
	require_terminal
	mkfifo "$TMP/keys"
	# The shell between keeps script from noticing that ftrace is stopped.
	start sh -c 'exec script -qec "$1" /dev/null <"$2"' - "trap '' HUP; '$FTRACE' -q -o '$TMP/trace' \
		'$STEPS' -- catch '$TMP/caught' touch '$TMP/up' await '$TMP/go' slow 50 touch '$TMP/done'; exit \$?" \
		"$TMP/keys"
	exec 9>"$TMP/keys"
	wait_for 10 test -e "$TMP/up"
	tracer=$(pgrep -f "^$FTRACE -q -o $TMP/trace ")
	child=$(pgrep -P "$tracer")
	# ftrace hears of it after the program, so that one passed on would be another one.
	kill -STOP "$tracer"
	printf '\003' >&9
	wait_for 10 test -s "$TMP/caught"
	kill -CONT "$tracer"
	# It counted as the first: this is the second, which ends ftrace without waiting.
	kill -TERM "$tracer"
	ended 143 "$STARTED_PID"
	exec 9>&-
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/done"
	[ "$(cat "$TMP/caught")" = interrupt ]
	grep -q main.main "$TMP/trace"
	wait_for 10 has_ended "$child"
}

@test "ftrace killed: the program goes on unharmed, no probe is left" {
	start_traced "${PAIR[@]}" "$STEPS" -- work 3 touch "$TMP/up" await "$TMP/go" work 1000 each 50 touch "$TMP/done"
	wait_for 10 test -e "$TMP/up"
	child=$(pgrep -P "$TRACER")
	kill -KILL "$TRACER"
	ended 137 "$TRACER"
	wait_for 5 no_new_probe
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/done"
	wait_for 10 has_ended "$child"
}

@test "stdout that nobody reads any more ends it quietly with 0" {
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	for format in text jsonl; do
		{ "$FTRACE" --format=$format -u main.work -p "$STARTED_PID" 2>"$TMP/err" 3>&-; echo $? >"$TMP/status"; } | head -1 >"$TMP/first"
		[ "$(cat "$TMP/status")" = 0 ]
		[ "$(wc -l <"$TMP/first")" = 1 ]
		[ "$(grep -c -v 'Ctrl-C ends' "$TMP/err")" = 0 ] || fail "$(cat "$TMP/err")"
	done
	{ "$FTRACE" -q --format=jsonl "$STEPS" -- work 100 exit 9 2>"$TMP/err" 3>&- || echo $? >"$TMP/status"; } | true
	[ "$(cat "$TMP/status")" = 9 ]
	[ ! -s "$TMP/err" ]
}

@test "stdout, stdin or stderr closed from the start harms nobody" {
	"$FTRACE" "$STEPS" -- work 3 exit 4 >&- 3>&- && fail "status 0" || [ $? = 4 ]
	"$FTRACE" "$STEPS" -- work 3 exit 4 2>&- >"$TMP/out" 3>&- && fail "status 0" || [ $? = 4 ]
	[ "$(grep -c 'main.work' "$TMP/out")" -ge 3 ]
	"$FTRACE" "$STEPS" -- work 3 exit 4 <&- >"$TMP/out" 3>&- && fail "status 0" || [ $? = 4 ]
}

@test "output that cannot be written: an error, and the program is not left hanging" {
	for format in text jsonl; do
		status=0
		bounded "$FTRACE" --format=$format -o /dev/full "$STEPS" -- work 10 >"$TMP/out" 2>"$TMP/err" 3>&- || status=$?
		[ "$status" = 125 ]
		grep -qx 'ftrace: /dev/full: No space left on device; .*' "$TMP/err"
	done
	refused 1 "$TMP/no/file: No such file or directory; *" -o "$TMP/no/file" "$STEPS"
}
