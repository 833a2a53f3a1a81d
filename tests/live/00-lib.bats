#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the other live tests stand on.

load lib

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

@test "build_go builds once for each source, toolchain and flags" {
	mkdir -p "$BATS_TEST_TMPDIR/p"
	printf 'package main\nfunc main() { println("a") }\n' >"$BATS_TEST_TMPDIR/p/main.go"
	first=$(build_go "$BATS_TEST_TMPDIR/p/main.go" p)
	[ -x "$first" ]
	stamp=$(stat -c %y "$first")
	[ "$(build_go "$BATS_TEST_TMPDIR/p/main.go" p)" = "$first" ]
	[ "$(stat -c %y "$first")" = "$stamp" ]
	[ "$(build_go "$BATS_TEST_TMPDIR/p/main.go" p local -ldflags=-s)" != "$first" ]
	printf 'package main\nfunc main() { println("b") }\n' >"$BATS_TEST_TMPDIR/p/main.go"
	second=$(build_go "$BATS_TEST_TMPDIR/p/main.go" p)
	[ "$second" != "$first" ]
	[ "$("$second" 2>&1)" = b ]
	rm -rf "$(dirname "$first")" "$(dirname "$second")"
}

@test "build_go says what the compiler said" {
	mkdir -p "$BATS_TEST_TMPDIR/p"
	printf 'package main\nfunc main() { nonsense }\n' >"$BATS_TEST_TMPDIR/p/main.go"
	run build_go "$BATS_TEST_TMPDIR/p/main.go" p
	[ "$status" != 0 ]
	[[ $output == *"undefined: nonsense"* ]]
}

@test "stop_all ends what start started, and only that" {
	sleep 300 3>&- &
	other=$!
	start sleep 301
	first=$STARTED_PID
	start sh -c 'echo out; echo err >&2; exec sleep 302'
	wait_for 5 grep -q err "$STARTED_ERR"
	[ "$(cat "$STARTED_OUT")" = out ]
	second=$STARTED_PID
	stop_all
	run kill -0 "$first"
	[ "$status" != 0 ]
	run kill -0 "$second"
	[ "$status" != 0 ]
	kill "$other"
}

@test "json reads all lines as one array" {
	printf '{"type":"call","id":1}\n{"type":"call","id":2}\n' >"$BATS_TEST_TMPDIR/lines"
	expect_json 'map(.id)' '[1,2]' "$BATS_TEST_TMPDIR/lines"
	run expect_json 'map(.id)' '[2,1]' "$BATS_TEST_TMPDIR/lines"
	[ "$status" != 0 ]
}
