#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What services wait for (tests/live/programs/waiting), and waits that end badly, or never.

load lib
load steps

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	SOURCE=$ROOT/tests/live/programs/waiting
	WAITING=$(build_go "$SOURCE" waiting)
}

teardown()
{
	stop_all
	no_probes_left
}

# line TEXT: the number of the first line of the source that has it.
line()
{
	grep -nF -- "$1" "$SOURCE/main.go" | head -n 1 | cut -d : -f 1
}

# Who waited for the lock for 10 ms was let go by an add of another goroutine, in the line that gives the lock back; who
# had it slept.
@test "net/http: slow requests wait for a lock, and are woken by the line that held it" {
	traced 0 -u main.order -u 'main.(*journal).*' --waits --min-duration 10ms --format=jsonl --exec "$WAITING" -- server
	sound "$FTRACE_OUT"
	expect_json 'INDEX(.[] | select(.type == "call"); .id) as $call |
		[.[] | select(.type == "wait" and .reason == "sync.Mutex.Lock" and .waiting > 10000000) |
		[$call["\(.call)"].func, .waker.func, .waker.line, .waker.goid != .goid]] | unique' \
		"[[\"main.(*journal).add\",\"main.(*journal).add\",$(line "the line that held it"),true]]"
	expect_json 'INDEX(.[] | select(.type == "call"); .id) as $call |
		[.[] | select(.type == "wait" and .reason == "sleep") | [$call["\(.call)"].func, .waker]] | unique' \
		'[["main.(*journal).flush",{}]]'
	traced 0 -u 'main.(*journal).*' --waits --min-duration 10ms --exec "$WAITING" -- server
	grep -qE "~ sync\.Mutex\.Lock; woken by G[0-9]+ main\.\(\*journal\)\.add waiting/main\.go:$(line "the line that held it")\$" \
		"$FTRACE_OUT" || fail "$(head -n 30 "$FTRACE_OUT")"
}

@test "the table has the reasons of each function, and below it their time" {
	for only in --summary --summary=only; do
		traced 0 -u main.order -u 'main.(*journal).*' --waits "$only" --histogram --format=jsonl --exec "$WAITING" -- server
		expect_json 'map(select(.type == "function" and .func == "main.(*journal).flush"))[0].reasons |
			map([.reason, .time > 40000000])' '[["sleep",true]]'
		expect_json 'INDEX(.[] | select(.type == "function"); .func) |
			[.[] | [.reasons[].reason]] | map(contains(["sleep"]))' '[true,true,true]'
		# Those of an order are its journal's, too, and more of them.
		expect_json 'INDEX(.[] | select(.type == "function"); .func) | .["main.order"].reasons as $of |
			($of | map(.time) | add) > (.["main.(*journal).add"].reasons | map(.time) | add) and
			($of | map(.time)) == ($of | map(.time) | sort | reverse)' true
	done
	traced 0 -u main.order -u 'main.(*journal).*' --waits --summary=only --histogram --exec "$WAITING" -- server
	grep -qE '^     waited [0-9. ]+ ms +[0-9]+  sync\.Mutex\.Lock$' "$FTRACE_OUT" || fail "$(cat "$FTRACE_OUT")"
}

@test "a put waits in a select for another goroutine, in whose tree its fdatasync is" {
	traced 0 -u main.put -u main.save --waits --syscalls=fdatasync --format=jsonl --exec "$WAITING" -- store
	sound "$FTRACE_OUT"
	expect_json 'INDEX(.[] | select(.type == "call"); .id) as $call |
		[.[] | select(.type == "syscall") | [$call["\(.call)"].func, .name, .result]] | group_by(.) | map([length] + .[0])' \
		'[[5,"main.save","fdatasync",0]]'
	expect_json 'INDEX(.[] | select(.type == "call"); .id) as $call | (map(select(.func == "main.save"))[0].goid) as $saver |
		[.[] | select(.type == "wait" and .reason == "select") |
		[$call["\(.call)"].func, .waker.func, .waker.goid == $saver]] | unique' \
		'[["main.put","main.save",true]]'
}

@test "database/sql: with all connections in use a query waits for the one that gives one back" {
	traced 0 -u main.query --waits --format=jsonl --exec "$WAITING" -- queries
	sound "$FTRACE_OUT"
	expect_json '[.[] | select(.type == "call") | .goid] as $goids | [.[] | select(.type == "wait" and .reason == "select") |
		[.waker.func, (.waker.goid | IN($goids[])), .waker.goid != .goid]] | group_by(.) | map([length] + .[0])' \
		'[[2,"database/sql.(*DB).putConnDBLocked",true,true]]'
}

# Each is in one call; nothing may be lost of a goroutine on account of how many there are.
@test "100 000 goroutines wait at once" {
	traced 0 -u main.one --waits --no-args --min-wait 0ns --buffer 256M --format=jsonl -o "$TMP/trace" --exec "$WAITING" -- crowd
	jq -c 'select(.type == "summary") | [.calls, .lost, .open]' "$TMP/trace" >"$TMP/end"
	[ "$(cat "$TMP/end")" = '[100000,0,0]' ] || fail "$(cat "$TMP/end" "$FTRACE_ERR")"
	[ "$(jq -n '[inputs | select(.type == "call") | .duration == ([.times[]] | add)] | [length, all]' -c "$TMP/trace")" = '[100000,true]' ]
}

@test "a wait in which the program ends, becomes another one, or tracing stops is open" {
	local open='[["chan receive","open",false,false]]' what='[.[] | select(.type == "wait" and .reason == "chan receive") |
		[.reason, .end, has("duration"), has("waker")]]'

	traced 0 -u main.blocked --waits --format=jsonl --exec "$WAITING" -- replaced
	expect_json "$what" "$open"
	expect_json '[.[] | select(.type == "call") | [.end, has("times")]]' '[["exit",false]]'
	start "$FTRACE" -u main.blocked --waits --format=jsonl -o "$TMP/trace" "$WAITING"
	TRACER=$STARTED_PID
	wait_for 20 attached "$STARTED_ERR"
	start "$WAITING" never
	wait_for 20 grep -q ready "$STARTED_OUT"
	wait_for 20 parked "$STARTED_PID"
	stop "$STARTED_PID" KILL || :
	start "$WAITING" never
	wait_for 20 grep -q ready "$STARTED_OUT"
	wait_for 20 parked "$STARTED_PID"
	stop "$TRACER" INT
	expect_json "$what" '[["chan receive","open",false,false],["chan receive","open",false,false]]' "$TMP/trace"
	expect_json '[.[] | select(.type == "call") | [.end, has("times")]] | sort' '[["exit",false],["open",false]]' "$TMP/trace"
}

# parked PID: all its threads sleep, so its goroutines do.
parked()
{
	! grep -qs '^State:.[RD]' /proc/"$1"/task/*/status
}

@test "where records are lost, calls have no times, and those that have are right" {
	traced 0 -u main.one --waits --no-args --min-wait 0ns --buffer 4K --format=jsonl -o "$TMP/trace" --exec "$WAITING" -- crowd
	[ "$(jq 'select(.type == "summary") | .lost > 0' "$TMP/trace")" = true ]
	[ "$(jq -n '[inputs | select(.type == "call" and .times) | .duration == ([.times[]] | add)] | all' "$TMP/trace")" = true ]
	[ "$(jq -n '[inputs | select(.type == "call") | select(.times and (.end != "return" or .duration == null))] | length' "$TMP/trace")" = 0 ]
}
