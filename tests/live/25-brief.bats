#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is read of values in brief, in JSON, which hides nothing: tests/live/programs/brief says what it has. How text
# shows them is a matter of the unit tests of the sink.

load lib
load steps

BRIEF_GO=${BRIEF_GO:-go1.19.13 go1.22.12 local}

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
}

teardown()
{
	stop_all
	no_probes_left
}

# brief_trace TOOLCHAIN FLAG OPTION...: of the program built with that flag of `go build`.
brief_trace()
{
	local bin

	bin=$(build_go "$ROOT/tests/live/programs/brief" brief "$1" "$2") || return 1
	traced 0 --format=jsonl --values brief -o "$TMP/trace" -u 'main.*' -N main.main "${@:3}" --exec "$bin"
}

# shown FUNC ARG: the value of that argument, in one line.
shown()
{
	jq -c "select(.func == \"$1\") | .args[] | select(.name == \"$2\") | .value // ." "$TMP/trace"
}

@test "brief: of a large struct what says most, of what it leads to the texts" {
	local go

	for go in $BRIEF_GO; do
		brief_trace "$go" -buildmode=exe
		[[ $(shown 'main.(*server).serve' s) =~ ^'{"opts":{"truncated":true},"id":7,"name":"main","next":{"ptr":"0x'[0-9a-f]+'"},"tags":{"value":[],"truncated":true,"len":2},"codes":[1,2,3],"counts":{"len":1},"err":{"type":"*errors.errorString","value":{"s":"boom"},"text":"boom"},"from":{"type":"*main.early"}}'$ ]] ||
			fail "$go: $(shown 'main.(*server).serve' s)"
		[ "$(shown 'main.(*server).serve' n)" = 1 ]
	done
}

@test "brief: an interface is its type, whoever made its itab; any is what is short" {
	local go mode

	for go in $BRIEF_GO; do
		for mode in exe pie; do
			brief_trace "$go" -buildmode=$mode
			[ "$(shown main.readers a)" = '{"type":"*main.early"}' ]
			[ "$(shown main.readers b)" = '{"type":"*main.late"}' ]
			[ "$(shown main.readers c | jq .value)" = null ]
			[ "$(shown main.anything a)" = '{"type":"int","value":12}' ]
			[ "$(shown main.anything b)" = '{"type":"string","value":"text"}' ]
			[ "$(shown main.anything c)" = '{"type":"main.kind","value":3}' ]
			[ "$(shown main.anything d)" = '{"type":"[]uint8","value":"raw"}' ]
			[ "$(shown main.anything e)" = '{"type":"*main.early"}' ]
			[ "$(shown main.anything f)" = '{"type":"main.server"}' ]
		done
	done
}

@test "brief: the first elements of a list, more of those that lead nowhere" {
	brief_trace local -buildmode=exe
	[ "$(jq -c 'select(.func == "main.lists") | .args[] | [.name, .len]' "$TMP/trace" | tr -d '\n')" = \
		'["names",5]["args",5]["codes",null]["servers",null]' ]
	[ "$(shown main.lists names)" = '["a","b","c","d"]' ]
	[ "$(shown main.lists args)" = '[{"type":"int","value":1},{"type":"string","value":"two"},null,{"type":"*main.server"}]' ]
	[ "$(shown main.lists codes)" = '[1,2]' ]
	[[ $(shown main.lists servers) =~ ^'[{"ptr":"0x'[0-9a-f]+'"},null]'$ ]] || fail "$(shown main.lists servers)"
}

@test "more parameters than --max-items are counted, and text says that there are more" {
	brief_trace local -buildmode=exe --max-items 2
	expect_json '[.[] | select(.func == "main.many") | (.args | length), .args_len, (.results | length), .results_len]' \
		'[2,5,2,null]' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.lists") | .args_len]' '[4]' "$TMP/trace"
	traced 0 -u main.many --max-items 2 -o "$TMP/text" --exec "$(build_go "$ROOT/tests/live/programs/brief" brief)"
	expect "$TMP/text" 'main.many(a=1, b=2, ...) = (1, 2);'
}

@test "text is brief, JSON full, unless --values says otherwise" {
	local bin

	bin=$(build_go "$ROOT/tests/live/programs/brief" brief)
	traced 0 --format=jsonl -o "$TMP/trace" -u main.anything --exec "$bin"
	[ "$(shown main.anything e)" = '{"type":"*main.early","value":{"n":4}}' ]
	traced 0 -o "$TMP/text" -u main.anything --exec "$bin"
	! grep -q 'n:4' "$TMP/text" || fail "$(cat "$TMP/text")"
	traced 0 -o "$TMP/text" --values full -u main.anything --exec "$bin"
	expect "$TMP/text" 'n:4'
	refused 2 "--values: 'some': unknown; use one of brief, full*" --values some "$bin"
}

@test "brief: three times as much of an error's text as of another, at its callers as well" {
	brief_trace local -buildmode=exe
	expect_json '[.[] | select(.func == "main.fails") | (.args[0], .results[0]) | .value.text |
		if type == "object" then [(.value | length), .len] else length end]' \
		'[192,192,[192,300],[192,300]]' "$TMP/trace"
	brief_trace local -buildmode=exe --max-string 10
	expect_json '[.[] | select(.func == "main.fails") | .args[0].value.text.value | length]' '[30,30]' "$TMP/trace"
}

# all_shown FUNC ARG: of each call.
all_shown()
{
	jq -c "select(.func == \"$1\") | .args[] | select(.name == \"$2\") | .value // ." "$TMP/trace"
}

@test "brief: texts that were cut out of one line are what they are by themselves" {
	local go x60

	x60=$(printf 'x%.0s' {1..63})
	for go in $BRIEF_GO; do
		brief_trace "$go" -buildmode=exe
		all_shown main.handle r >"$TMP/seen"
		diff - "$TMP/seen" <<-END || fail "$go"
			{"method":"GET","path":"/items","query":"id=7","host":"example.org"}
			{"method":"","path":"/items","query":"","host":"/items"}
			{"method":{"value":"/$x60","truncated":true,"len":301},"path":"/","query":"end","host":"x"}
			{"name":"r","type":"*main.request","value":null}
		END
		for arg in a b c d; do
			all_shown main.parts "$arg"
		done >"$TMP/seen"
		diff - "$TMP/seen" <<-END || fail "$go"
			"HTTP/1.1"
			"xxxxxxxxxxx"
			"GET"
			"end"
			"/items"
			"GET"
			""
			"/$x60"
		END
	done
}
