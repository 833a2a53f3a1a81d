#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Memory that must not be trusted: what cannot be read spoils one value, says so in its place, and
# harms neither the rest of the record, nor other threads' records, nor the program.

load lib
load steps

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	WILD=$(build_go "$ROOT/tests/live/programs/wild" wild)
	# The program's own runtime would end it for the pointers that it hands around.
	export GODEBUG=invalidptr=0
	CHOSEN=()
	for name in text raw list texts pointer further dynamic fails tables tick changing; do
		CHOSEN+=(-u "main.$name")
	done
}

teardown()
{
	[ -z "${HELD:-}" ] || exec {HELD}>&-
	stop_all
	no_probes_left
}

# wild OPTION... -- ARG...: a trace of it.
wild()
{
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	traced 0 --format=jsonl "${CHOSEN[@]}" "${options[@]}" --exec "$WILD" "$@" || return 1
	nothing_lost "$FTRACE_OUT"
}

# shows FUNC WHAT JSON...: what the call of FUNC whose first argument is WHAT has as the others.
shows()
{
	local func=$1 what=$2

	shift 2
	expect_json "[.[] | select(.func == \"main.$func\" and .args[0].value == \"$what\")] |
		if length == 1 then .[0].args[1:][] | del(.name, .type) else length end" "$(printf '%s\n' "$@")"
}

@test "lengths that make no sense, at each kind" {
	local n func

	wild -- values
	for n in -9223372036854775808 -1 4611686018427387904 70368744177665; do
		for func in text raw list texts; do
			shows $func "length $n" "{\"error\":\"<bad length $n>\"}"
		done
	done
	shows raw capacity '{"error":"<bad length 4>"}'
	shows list capacity '{"error":"<bad length 4>"}'
}

@test "nil: what it means at each level" {
	local gone='{"error":"<unreadable 0x0>"}'

	wild -- values
	for func in text raw list; do
		shows $func "wild 0" "$gone"
	done
	shows texts "wild 0" "{\"value\":[\"fine\",$gone,\"fine\"]}"
	for func in pointer further dynamic fails; do
		shows $func "wild 0" '{"value":null}'
	done
	shows pointer "inside wild 0" '{"value":{"N":1,"Next":null,"Name":"inner","Links":null,"Err":null}}'
	shows dynamic "data wild 0" '{"value":{"type":"*main.node","value":null}}'
	shows dynamic "number wild 0" "{\"value\":{\"type\":\"int\",\"value\":$gone}}"
	shows fails "data wild 0" '{"value":{"type":"*errors.errorString","value":null}}'
	shows fails "text wild 0" "{\"value\":{\"type\":\"*errors.errorString\",\"value\":{\"s\":$gone}}}"
	shows tables "wild 0" '{"value":null}' '{"value":null}' '{"value":null}'
}

@test "wild pointers: near nil, not canonical, the kernel's, the last one, at each level" {
	local wild=(- 0x10 0x8000dead0000 0xdead000000000000 0xffffffff81000000 0xffffffffffffffff)
	local i gone func

	wild -- values
	for i in 1 2 3 4 5; do
		gone="{\"error\":\"<unreadable ${wild[i]}>\"}"
		for func in text raw list pointer; do
			shows $func "wild $i" "$gone"
		done
		shows texts "wild $i" "{\"value\":[\"fine\",$gone,\"fine\"]}"
		shows pointer "inside wild $i" \
			"{\"value\":{\"N\":1,\"Next\":{\"ptr\":\"${wild[i]}\"},\"Name\":\"inner\",\"Links\":null,\"Err\":null}}"
		shows pointer "below wild $i" \
			"{\"value\":{\"N\":1,\"Next\":null,\"Name\":$gone,\"Links\":[null,{\"ptr\":\"${wild[i]}\"}],\"Err\":null}}"
		shows further "wild $i" "{\"value\":{\"ptr\":\"${wild[i]}\"}}"
		shows further "outer wild $i" "$gone"
		shows dynamic "wild $i" "{\"error\":\"<unknown type ${wild[i]}>\"}"
		shows fails "wild $i" "{\"error\":\"<unreadable $(printf '0x%x' $((${wild[i]} + 8)))>\"}"
		shows dynamic "data wild $i" "{\"value\":{\"type\":\"*main.node\",\"value\":$gone}}"
		shows dynamic "number wild $i" "{\"value\":{\"type\":\"int\",\"value\":$gone}}"
		shows fails "data wild $i" "{\"value\":{\"type\":\"*errors.errorString\",\"value\":$gone}}"
		shows fails "text wild $i" "{\"value\":{\"type\":\"*errors.errorString\",\"value\":{\"s\":$gone}}}"
		shows tables "wild $i" "$gone" "$gone" "$gone"
	done
	# Types that are none are not guessed at.
	expect_json '[.[] | select(.args[0].value == "no type" or .args[0].value == "no itab" or
		.args[0].value == "no type in it") | .args[1].error[:16]] | unique' '["<unknown type 0x"]'
	# In text, too, every line comes whole.
	traced 0 "${CHOSEN[@]}" --no-timestamp --exec "$WILD" -- values
	expect "$FTRACE_OUT" 's=<unreadable 0xffffffff81000000>'
	expect "$FTRACE_OUT" 'w=["fine", <unreadable 0x10>, "fine"]'
}

# pages_seen [OPTION...]: one word for each call of `wild pages`: its text, or no.
pages_seen()
{
	wild "$@" -- pages "$TMP/file" || return 1
	json '.[] | select(.args[0].name? == "what") | "\(.func[5:]) \(.args[0].value): " +
		if .args[1].error then (.args[1].error | sub("0x[0-9a-f]+"; "ADDR")) else .args[1].value end'
}

@test "pages: protected, unmapped, given back, on disk only, behind the end of the file" {
	local gone='<unreadable ADDR>'

	[ "$(pages_seen --fault | tr -d '\0')" = "text there: abcdefgh
text untouched: 
text before the protected page: abcd
text into the protected page: $gone
text in the protected page: $gone
pointer protected: $gone
pointer into the protected page: $gone
list into the protected page: $gone
dynamic protected: <unknown type ADDR>
text unmapped: $gone
text given back: 
text on disk: on disk
text behind the end: $gone" ] || fail "$(pages_seen --fault)"
}

@test "no page is brought in without --fault, nor where the kernel's programs cannot sleep" {
	local want

	want="$(pages_seen --fault | tr -d '\0' | sed -E 's/^(text (untouched|given back|on disk)):.*/\1: <unreadable ADDR>/')"
	[ "$(pages_seen)" = "$want" ] || fail "$(pages_seen)"
	[ "$(pages_seen --fault --no-fault)" = "$want" ] || fail "$(pages_seen --fault --no-fault)"
	export FTRACE_WITHOUT=sleepable
	[ "$(pages_seen --fault)" = "$want" ] || fail "$(pages_seen --fault)"
}

@test "constants that nobody has come to yet are there: in the file, wherever that is loaded" {
	local bin flags

	for flags in -buildmode=exe -buildmode=pie; do
		bin=$(build_go "$ROOT/tests/live/programs/cold" cold local $flags)
		traced 0 --format=jsonl -u main.text -u main.raw --exec "$bin"
		expect_json '[.[] | select(.func == "main.text") | .args[0].value, .results[0].value] | join(" ")' \
			"$(for i in 123456789a 23456789ab 3456789abc 456789abcd 56789abcde 6789abcdef 789abcdefg; do
				echo "$i $i"
			done | paste -sd' ')"
		expect_json '.[] | select(.func == "main.raw") | .args[1].value' '["0123","0123"]'
		# Nothing of it was where the kernel's programs could read it: a filter is decided all the same.
		traced 0 --format=jsonl --filter 'main.text: s == "456789abcd"' --exec "$bin"
		expect_json '[.[] | select(.type == "call") | .args[0].value]' '["456789abcd"]'
	done
}

@test "memory that another thread takes away meanwhile: the whole text or none" {
	wild --fault --buffer 64M -- unmap 3000
	expect_json '[.[] | select(.func == "main.tick")] | length' "$(sed -n 's/^ticked //p' "$FTRACE_ERR")"
	expect_json '[.[] | select(.func == "main.tick")] | length >= 3000' true
	expect_json '[.[] | select(.func == "main.tick") | .args[1] | .value // .error] | unique |
		map(sub("0x[0-9a-f]+"; "ADDR"))' '["<unreadable ADDR>","whole text"]'
	# The program never comes to the page itself.
	wild --buffer 64M -- unmap 3000
	expect_json '[.[] | select(.func == "main.tick") | .args[1] | .value // .error] | unique |
		map(sub("0x[0-9a-f]+"; "ADDR"))' '["<unreadable ADDR>"]'
}

@test "text that another thread changes meanwhile: nothing but what was there" {
	wild -- change 3000
	expect_json '[.[] | select(.func == "main.changing")] | length' 3000
	expect_json '[.[] | select(.func == "main.changing") | .args[1].value] | all(test("^[cd]{8}$"))' true
	# The header's two words are not changed at once.
	expect_json '[.[] | select(.func == "main.changing") | .args[0] | .value // "aaaa"] |
		all(test("^(aaaa|bbbb)"))' true
}

# huge OPTION...: its calls, into $TMP/trace. Sets CALLS.
huge()
{
	local bin

	bin=$(build_go "$ROOT/tests/live/programs/huge" huge) || return 1
	traced 0 --format=jsonl -o "$TMP/trace" --buffer 256M -u main.work -u main.leaf "$@" --exec "$bin" -- 20000 3000
	CALLS=$((3 * $(cat "$FTRACE_OUT")))
	[ "$CALLS" -ge 60000 ]
}

@test "a goroutine that moves into a huge page meanwhile: with --fault its calls stay its calls" {
	huge --fault
	expect_json '[.[] | select(.type == "call") | "\(.goid) \(.depth) \(.func) \(.end)"] | unique' \
		'["1 0 main.work return","1 1 main.leaf return"]' "$TMP/trace"
	expect_json '.[-1] | .lost, .calls, .records' "0
$CALLS
$((2 * CALLS))" "$TMP/trace"
}

@test "a goroutine that moves into a huge page meanwhile: what cannot be told counts as lost" {
	huge
	expect_json '[.[] | select(.type == "call") | .end] | unique - ["return", "lost"]' '[]' "$TMP/trace"
	expect_json '[.[] | select(.type == "call") | .goid // 1] | unique' '[1]' "$TMP/trace"
	expect_json '.[-1] | .records + .lost' $((2 * CALLS)) "$TMP/trace"
}

# never WORD OPTION...: `wild never` with its stdin held open, below a tracer of all its processes. WORD is
# `reached` where somebody has to come to the page before anything else happens, or empty.
never()
{
	start_traced --format=jsonl "${CHOSEN[@]}" "${@:2}" "$WILD"
	mkfifo "$TMP/held"
	start bash -c "exec '$WILD' never 2000 $1 <'$TMP/held'"
	NEVER=$STARTED_PID
	NEVER_OUT=$STARTED_OUT
	exec {HELD}>"$TMP/held"
	wait_for 20 grep -q ticked "$NEVER_OUT"
}

ticks() { [ "$(grep -c '"main.tick"' "$TRACE")" = "$1" ]; }

# The kernel does not take a link away while a program below it waits: detaching needs the page, too.
@test "a page that never comes: with --fault other threads' records do not wait for it" {
	GODEBUG=invalidptr=0,asyncpreemptoff=1 never reached --fault
	wait_for 20 ticks 2000
	! grep -q '"main.text"' "$TRACE" || fail "$(grep '"main.text"' "$TRACE")"
	kill -INT "$TRACER"
	exec {HELD}>&-
	unset HELD
	ended 0 "$TRACER"
	ended 0 "$NEVER"
	expect "$NEVER_OUT" done
	sound "$TRACE"
	nothing_lost "$TRACE"
	[ "$(count main.tick "$TRACE")" = 2000 ]
}

@test "a page that never comes: nobody waits for it, and ftrace ends at once" {
	GODEBUG=invalidptr=0,asyncpreemptoff=1 never ""
	wait_for 20 ticks 2000
	wait_for 20 grep -q '"main.text".*"error":"<unreadable 0x[0-9a-f]*>"' "$TRACE"
	stop "$TRACER" INT
	kill -0 "$NEVER"
	nothing_lost "$TRACE"
	exec {HELD}>&-
	unset HELD
	ended 0 "$NEVER"
}

# away [OPTION...]: starts and traces what waits for ever where anybody waits for its page. It is killed in a
# while, whatever comes of it: until then a probe that waits holds up every detaching of the machine.
away()
{
	local bin

	bin=$(build_go "$ROOT/tests/live/programs/away" away) || return 1
	start "$FTRACE" --format=jsonl -u main.work -u main.answer "$@" --exec "$bin"
	TRACER=$STARTED_PID
	TRACE=$STARTED_OUT
	wait_for 20 grep -q '; started as PID ' "$STARTED_ERR"
	AWAY=$(sed -n 's/.*; started as PID \([0-9]*\).*/\1/p' "$STARTED_ERR")
	start bash -c "sleep 8; kill -KILL $AWAY"
}

@test "a page that never comes, in a program that ftrace started: it goes on, and so does its trace" {
	away
	wait_for 5 grep -q 'alive 20' "$TRACE"
	wait_for 5 grep -q '"main.answer".*"results":.*"error":"<unreadable 0x[0-9a-f]*>"' "$TRACE"
	# As Ctrl-C does: to both.
	kill -INT "$AWAY" "$TRACER"
	wait_for 5 has_ended "$TRACER"
	expect_json '[.[] | select(.type == "call" and .end != "exit") |
		"\(.func) \(.args[0].error | sub("0x[0-9a-f]+"; "ADDR"))"] | unique' \
		'["main.answer <unreadable ADDR>","main.work <unreadable ADDR>"]' <(grep '^{' "$TRACE")
	expect_json '.[-1].lost' 0 <(grep '^{' "$TRACE")
}

@test "a page that never comes: with --fault, of a call that a filter leaves out nothing more is read" {
	GODEBUG=invalidptr=0,asyncpreemptoff=1 never "" --fault --filter 'main.text: what == "another"'
	wait_for 20 ticks 2000
	stop "$TRACER" INT
	kill -0 "$NEVER"
	! grep -q '"main.text"' "$TRACE" || fail "$(grep '"main.text"' "$TRACE")"
	nothing_lost "$TRACE"
	exec {HELD}>&-
	unset HELD
	ended 0 "$NEVER"
}
