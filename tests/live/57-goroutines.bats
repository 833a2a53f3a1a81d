#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --goroutines: who started which goroutine, where and in which call, against what the target notes itself.

load lib

# What takes long is built here, where no test's time runs out: each builds it again, from the cache.
setup_file()
{
	local go

	for go in local go1.19.13 go1.21.13 go1.24.0 go1.27.0; do
		build_go "$ROOT/tests/targets/goroutines" goroutines "$go" >/dev/null
	done
}

setup()
{
	require_root
	probes_remember
}

teardown()
{
	stop_all
	no_probes_left
}

# Of all goroutines that called main.traced: NUMBER PARENT FUNC PLACE LINE, as the target notes them. A place in the library has line 0.
TOLD='[.[] | select(.type == "call" and .func == "main.traced") | .goid] as $called |
	[.[] | select(.type == "goroutine" and (.goid | IN($called[]))) |
		"\(.goid) \(.parent // 0) \(.func) \(.created | (.inlined // .func)) \(if .created.func | startswith("main.") then .created.line else 0 end)"] |
	sort | .[]'

# agrees TRACE NOTES: each is told, once, as it was noted.
agrees()
{
	jq -sr "$TOLD" "$1" | LC_ALL=C sort >"$BATS_TEST_TMPDIR/told"
	grep '^[0-9]' "$2" | LC_ALL=C sort >"$BATS_TEST_TMPDIR/noted"
	[ -s "$BATS_TEST_TMPDIR/noted" ] || fail "nothing was noted"
	diff -u "$BATS_TEST_TMPDIR/noted" "$BATS_TEST_TMPDIR/told"
}

# Lines of goroutines stand before the first call of each; those that were made in main.handle, and no others, have its call.
IN_ORDER='to_entries | map(.key as $at | .value + {at: $at}) | group_by(.goid // 0) |
	map(select(.[0].goid and .[0].goid != 0 and any(.type == "call")) | [.[] | select(.type == "goroutine" or .type == "call")][0].type) | unique'
IN_CALLS='(map(select(.type == "call")) | map({key: (.id | tostring), value: .func}) | from_entries) as $funcs |
	[.[] | select(.type == "goroutine" and .created.func == "main.handle") | $funcs[.call // 0 | tostring]] | unique'

# goroutines GO [FLAG...]: all of a run, streamed, so that each call that made one is known.
goroutines()
{
	local bin

	bin=$(build_go "$ROOT/tests/targets/goroutines" goroutines "$@")
	run_ftrace -u main.traced -u main.handle --goroutines --no-args --no-results --stream --format=jsonl \
		-o "$BATS_TEST_TMPDIR/trace" --exec "$bin"
	agrees "$BATS_TEST_TMPDIR/trace" "$FTRACE_OUT"
	expect_json "$IN_ORDER" '["goroutine"]' "$BATS_TEST_TMPDIR/trace"
	expect_json "$IN_CALLS" '["main.handle"]' "$BATS_TEST_TMPDIR/trace"
	expect_json '[.[] | select(.type == "goroutine" and .created.func == "main.outside") | .call] | unique' '[null]' \
		"$BATS_TEST_TMPDIR/trace"
	# From its birth to its first call.
	expect_json '[.[] | select(.type == "call")] as $calls | [.[] | select(.type == "goroutine") |
		.goid as $goid | .start <= ([$calls[] | select(.goid == $goid) | .start] | min)] | unique' '[true]' \
		"$BATS_TEST_TMPDIR/trace"
}

@test "goroutines: the Go release on PATH" { goroutines local; }
@test "goroutines: Go 1.19" { goroutines go1.19.13; }
@test "goroutines: Go 1.21" { goroutines go1.21.13; }
@test "goroutines: Go 1.24" { goroutines go1.24.0; }
@test "goroutines: Go 1.27, stripped and at any address" { goroutines go1.27.0 -buildmode=pie '-ldflags=-s -w'; }
@test "goroutines: without optimization" { goroutines local '-gcflags=all=-N -l'; }

# before GO: goroutines that were there before tracing, in $trace; what the target noted is in $noted.
before()
{
	local bin

	trace=$BATS_TEST_TMPDIR/trace
	bin=$(build_go "$ROOT/tests/targets/goroutines" goroutines "$1")
	start "$bin" wait
	wait_for 10 grep -q ready "$STARTED_OUT"
	target=$STARTED_PID noted=$STARTED_OUT
	start "$FTRACE" -u main.traced --goroutines --no-args --no-results --format=jsonl -o "$trace" -p "$target"
	wait_for 30 attached "$STARTED_ERR"
	kill -USR1 "$target"
	wait_for 30 grep -q '"summary"' "$trace"
}

@test "goroutines of before say who made them themselves, where and what they run, and when and in which call nobody knows" {
	before local
	agrees "$trace" "$noted"
	expect_json '[.[] | select(.type == "goroutine" and .func == "main.before.func1") | .start, .call] | unique' '[null]' "$trace"
	expect_json '[.[] | select(.type == "goroutine" and .func == "main.worker") | .start > 0] | unique' '[true]' "$trace"
}

@test "before Go 1.21 they do not say who made them" {
	before go1.19.13
	expect_json '[.[] | select(.type == "goroutine" and .func == "main.before.func1") | .parent, .created.func] | unique' \
		'[null,"main.before"]' "$trace"
	expect_json '[.[] | select(.type == "goroutine" and .func == "main.worker") | .parent > 0] | unique' '[true]' "$trace"
}

@test "a stack ends with who made the goroutine, and a root call of one that was made in a traced call says so" {
	bin=$(build_go "$ROOT/tests/targets/goroutines" goroutines)
	run_ftrace -u main.traced -u main.handle --goroutines --no-args --no-results -s 3 -o "$BATS_TEST_TMPDIR/text" --exec "$bin"
	grep -qE '^ +[0-9]+  \^ created by main.handle goroutines/main.go:[0-9]+ in G[0-9]+$' "$BATS_TEST_TMPDIR/text"
	grep -qE '  main.traced\(\); .*/main.go:[0-9]+; created by main.handle goroutines/main.go:[0-9]+ in G[0-9]+$' "$BATS_TEST_TMPDIR/text" ||
		fail "$(cat "$BATS_TEST_TMPDIR/text")"
	# Nobody's goroutine, and one that began in no traced call.
	grep -E '  main.traced\(\);' "$BATS_TEST_TMPDIR/text" | grep -q 'created by main.outside' && fail "$(cat "$BATS_TEST_TMPDIR/text")"
	grep -qE '\^ created by time.goFunc [^ ]*sleep.go:[0-9]+$' "$BATS_TEST_TMPDIR/text"
	run_ftrace -u main.traced --goroutines --no-args --no-results -s 3 --format jsonl -o "$BATS_TEST_TMPDIR/trace" --exec "$bin"
	expect_json '[.[] | select(.type == "call" and .func == "main.traced") | .stack[-1] | .created, (.func | IN("main.handle", "main.outside", "time.goFunc"))] | unique' \
		'[true]' "$BATS_TEST_TMPDIR/trace"
}

@test "a recording knows it without being asked, and shows it only when it is" {
	bin=$(build_go "$ROOT/tests/targets/goroutines" goroutines)
	run_ftrace record -u main.traced -u main.handle --stream -o "$BATS_TEST_TMPDIR/r.ftrace" --exec "$bin"
	"$FTRACE" report -q --format jsonl "$BATS_TEST_TMPDIR/r.ftrace" >"$BATS_TEST_TMPDIR/plain"
	expect_json 'map(select(.type == "goroutine")) | length' 0 "$BATS_TEST_TMPDIR/plain"
	"$FTRACE" report -q --goroutines --format jsonl "$BATS_TEST_TMPDIR/r.ftrace" >"$BATS_TEST_TMPDIR/trace"
	agrees "$BATS_TEST_TMPDIR/trace" "$FTRACE_OUT"
	expect_json "$IN_CALLS" '["main.handle"]' "$BATS_TEST_TMPDIR/trace"
	diff <(grep -v '"type":"goroutine"' "$BATS_TEST_TMPDIR/trace") "$BATS_TEST_TMPDIR/plain"
}

@test "nothing is recorded of goroutines where nobody asks" {
	bin=$(build_go "$ROOT/tests/targets/goroutines" goroutines)
	run_ftrace -u main.traced --format jsonl -o "$BATS_TEST_TMPDIR/trace" --exec "$bin"
	# An entry and an exit of each call, and nothing else.
	expect_json '(map(select(.type == "call")) | length) * 2 == .[-1].records' true "$BATS_TEST_TMPDIR/trace"
	expect_json 'map(select(.type == "goroutine")) | length' 0 "$BATS_TEST_TMPDIR/trace"
}
