#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Known types: what tests/targets/known says of its own values, at every kind of place, against what is shown of them.
#
# KNOWN_GO chooses the releases.

load lib
load steps
load truth
load said

KNOWN_GO=${KNOWN_GO:-go1.19.13 go1.21.13 go1.24.13 go1.27.0}

setup_file()
{
	local toolchain

	for toolchain in $KNOWN_GO; do
		build_go "$ROOT/tests/targets/known" known "$toolchain" || :
	done
}

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

# known_trace TOOLCHAIN BUILD-FLAG OPTION...: what is shown is $TMP/seen, what has to be $TMP/truth.
known_trace()
{
	local toolchain=$1 flags=$2 bin

	shift 2
	bin=$(build_go "$ROOT/tests/targets/known" known "$toolchain" ${flags:+"$flags"}) || return 1
	said_trace "$bin" "$TMP" "$@" || return 1
	known_seen "$TMP"
	nothing_lost "$TMP/trace"
}

@test "a known type says what it means, at every kind of place, with every release" {
	local toolchain

	for toolchain in $KNOWN_GO; do
		known_trace "$toolchain" "" --values brief
		[ "$(wc -l <"$TMP/truth")" -gt 85 ]
		diff "$TMP/truth" "$TMP/seen" || fail "$toolchain"
		expect_json '[.[] | select(.func == "main.frames") | .args | .[0].value.PC, .[1].value.Entry]' \
			'["main.addresses","main.addresses"]' "$TMP/trace"
		[[ $toolchain == go1.19* ]] || expect_json '[.[] | select(.func == "main.records") | .args[].value.PC]' \
			'["main.newer","main.newer"]' "$TMP/trace"
		expect_json '[.[] | select(.func == "main.others") | .args[0].value]' '[{"type":"*main.other"}]' "$TMP/trace"
	done
}

@test "the same where the program is not optimized, and with the race detector" {
	known_trace local "-gcflags=all=-N -l" --values brief
	diff "$TMP/truth" "$TMP/seen"
	known_trace local -race --values brief
	diff "$TMP/truth" "$TMP/seen"
}

@test "in full the words stand beside the value" {
	known_trace local "" --values full
	expect_json '[.[] | select(.func == "main.durations") | .args[0]][2]' \
		'{"name":"v","type":"time.Duration","value":30000000000,"text":"30s"}' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.files") | .args[0].text] | unique' '["/dev/stdout"]' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.frames") | .args[0].value.PC | .text, (.value | type)]' \
		'["main.addresses","number"]' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.secured") | .args[0].value | .type, (.text | test("^127[.:0-9]*->127[.:0-9]*$"))]' \
		'["*crypto/tls.Conn",true]' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.atomics") | .args[0]][0] | [.value.v, .text]' '[-5,"-5"]' "$TMP/trace"
}

@test "without debug information nothing is made up" {
	known_bare "$(build_go "$ROOT/tests/targets/known" known local '-ldflags=-s -w')" "$TMP"
	[ "$(wc -l <"$TMP/wanted")" -gt 85 ]
}
