#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that were not written to be traced: Go's own command, a server under load.

load lib
load steps

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

@test "student: whole trees, also stripped and position-independent" {
	for flags in '' '-ldflags=-s -w' -buildmode=pie -gcflags=-l; do
		bin=$(build_go "$ROOT/examples/student" student local ${flags:+"$flags"})
		traced 0 --format=jsonl -o "$TMP/trace" --exec "$bin" -- -n 2
		sound "$TMP/trace"
		nothing_lost "$TMP/trace"
		[ "$(count main.main "$TMP/trace")" = 1 ]
		[ "$(count main.doSomething "$TMP/trace")" = 2 ]
		[ "$(count main.enroll "$TMP/trace")" = 8 ]
		# fibonacci(4) makes 9 calls.
		[ "$(count main.fibonacci "$TMP/trace")" = 18 ]
		# Println for each round, Sprintf for the two that are enrolled.
		[ "$(count 'main.(*Student).String' "$TMP/trace")" = 6 ]
		expect_json '[.[] | select(.func == "main.(*Student).String") | .caller.func] | unique' \
			'["fmt.(*pp).handleMethods"]' "$TMP/trace"
	done
}

@test "go vet: the tree of Go's own command is right and whole" {
	go=$("$ROOT/scripts/find-go")
	bin=$(cd / && GOTOOLCHAIN=local "$go" env GOROOT)/bin/go
	mkdir "$TMP/m"
	printf 'module m\n\ngo 1.19\n' >"$TMP/m/go.mod"
	printf 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(1) }\n' >"$TMP/m/main.go"
	cd "$TMP/m"
	GOTOOLCHAIN=local traced 0 --format=jsonl -o "$TMP/trace" --buffer 64M -u 'main.*' \
		-u 'cmd/go/internal/load.*' --exec "$bin" -- vet ./...
	sound "$TMP/trace"
	nothing_lost "$TMP/trace"
	[ "$(count main.main "$TMP/trace")" = 1 ]
	expect_json '[.[] | select(.func == "main.main") | .goid, .depth, .parent, .end] | tojson' \
		'[1,0,null,"exit"]' "$TMP/trace" ||
		expect_json '[.[] | select(.func == "main.main") | .goid, .depth, .parent, .end] | tojson' \
			'[1,0,null,"return"]' "$TMP/trace"
	expect_json '[.[] | select(.func == "cmd/go/internal/load.PackagesAndErrors")] | length > 0' true "$TMP/trace"
	expect_json '[.[] | select(.type == "call" and .end == "lost")] | length' 0 "$TMP/trace"
	# Every call on goroutine 1 hangs below main.main, but for what ran before it.
	expect_json '(.[] | select(.func == "main.main")) as $main | [.[] | select(.type == "call" and
		.goid == 1 and .start > $main.start and .depth == 0)] | length' 0 "$TMP/trace"
}

@test "a server under load: every answer right, goroutines never mixed" {
	httpd=$(build_go "$ROOT/examples/httpd" httpd)
	load=$(build_go "$ROOT/examples/load" load)
	start "$httpd" -addr 127.0.0.1:0
	server=$STARTED_PID
	wait_for 10 grep -q 'listening on' "$STARTED_OUT"
	addr=$(sed -n 's/^listening on //p' "$STARTED_OUT")
	start_traced --format=jsonl --buffer 64M -u 'net/http.(*conn).serve' \
		-u 'net/http.serverHandler.ServeHTTP' -u 'main.*' -p "$server"
	run "$load" -addr "$addr" -c 8 -n 400
	[ "$status" = 0 ] || fail "$output"
	[[ $output == "400 answers, 0 wrong,"* ]]
	kill "$server"
	ended 143 "$server"
	ended 0 "$TRACER"
	sound "$TRACE"
	nothing_lost "$TRACE"
	[ "$(count 'net/http.serverHandler.ServeHTTP' "$TRACE")" = 400 ]
	expect_json '[.[] | select(.func == "main.hello" or .func == "main.slow" or .func == "main.item")] | length' \
		400 "$TRACE"
	expect_json '[.[] | select(.type == "call")] | INDEX(.id) as $by | map(select(
		(.func == "net/http.serverHandler.ServeHTTP") as $serves |
		(.func | startswith("main.")) as $handles |
		($by[.parent | tostring].func) as $up |
		if $serves then $up != "net/http.(*conn).serve"
		elif .func == "main.hello" or .func == "main.slow" or .func == "main.item"
			then $up != "net/http.serverHandler.ServeHTTP"
		elif .func == "main.lookup" then $up != "main.slow"
		elif .func == "main.find" then $up != "main.item"
		elif .func == "main.greeting" then $up != "main.hello"
		else false end)) | map(.func)' '[]' "$TRACE"
	expect_json '[.[] | select(.func == "net/http.(*conn).serve") | .goid] as $g | ($g | length) == ($g | unique | length)' \
		true "$TRACE"
	# The needle: --min-duration finds the requests that waited, and only those.
	expect_json '[.[] | select(.func == "main.lookup" and .duration > 20000000)] | length >= 1' true "$TRACE"
}
