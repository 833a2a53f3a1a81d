#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Values of programs that do real work: each request of a server under load, against the server's own
# log; Go's own command.
#
# REQUESTS says how many (5000).

load lib
load steps

REQUESTS=${REQUESTS:-5000}

# What takes long is built here, where no test's time runs out; one that does not build fails its tests.
setup_file()
{
	build_go "$ROOT/tests/live/programs/requests" requests local -gcflags=net/http=-l || :
	build_cmd_go || :
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

# asked FUNC METHOD PATH: what the trace says of FUNC's calls, as the server writes its log. METHOD and
# PATH are jq, of the arguments by name: $a.
asked()
{
	jq -r "select(.func == \"$1\") | (.args | map({key: .name, value: .value}) | from_entries) as \$a |
		\"\(.goid) \($2) \($3)\"" "$TMP/trace" | sort -s -n -k 1,1
}

@test "every request of a server under load: its method and its path, by rule and by type" {
	local server rule each log

	# Context is inlined otherwise.
	server=$(build_go "$ROOT/tests/live/programs/requests" requests local -gcflags=net/http=-l)
	each=$((REQUESTS / 8))
	rule='net/http.(*Request).Context(method=r.Method, path=r.URL.Path, len=len(r.URL.Path))'
	FTRACE_TIMEOUT=500 traced 0 --format=jsonl -o "$TMP/trace" --buffer 64M --max-string 256 \
		-u 'net/http.(*Request).Context' -u 'net/http.serverHandler.ServeHTTP' \
		--exec "$server" "$rule" 'net/http.serverHandler.ServeHTTP(req.Method, req.URL.Path, req)' -- $each 8
	sort -s -n -k 1,1 "$FTRACE_OUT" >"$TMP/log"
	[ "$(wc -l <"$TMP/log")" = $((each * 8)) ]
	cmp <(asked net/http.serverHandler.ServeHTTP '$a["req.Method"]' '$a["req.URL.Path"]') "$TMP/log"
	cmp <(asked net/http.serverHandler.ServeHTTP '$a.req.Method' '$a["req.URL.Path"]') "$TMP/log"
	cmp <(asked 'net/http.(*Request).Context' '$a.method' '$a.path' | uniq) "$TMP/log"
	tail -n 1 "$TMP/trace" | jq -e '.lost == 0 and .missed == 0 and .records == 2 * .calls'
	jq -n -e '[inputs | select(.func == "net/http.(*Request).Context") |
		select((.args | map({key: .name, value: .value}) | from_entries | .len != (.path | length)) or
			.results[0].value.type != "*context.cancelCtx")] | length == 0' "$TMP/trace"
}

@test "only the requests that a filter on a field asks for" {
	local server

	server=$(build_go "$ROOT/tests/live/programs/requests" requests local -gcflags=net/http=-l)
	traced 0 --format=jsonl -o "$TMP/trace" --max-string 256 \
		--filter 'net/http.serverHandler.ServeHTTP: req.Method == "PUT" && req.URL.Path ~ "/1/*"' \
		--exec "$server" 'net/http.serverHandler.ServeHTTP(req.Method, req.URL.Path)' -- 100 3
	grep '^[0-9]* PUT /1/' "$FTRACE_OUT" | sort -s -n -k 1,1 >"$TMP/log"
	[ "$(wc -l <"$TMP/log")" -gt 10 ]
	diff <(asked net/http.serverHandler.ServeHTTP '$a["req.Method"]' '$a["req.URL.Path"]') "$TMP/log"
	expect_json '.[-1] | .records == 2 * .calls' true "$TMP/trace"
}

# build_cmd_go: sets CMD_GO. Its own binary has no debug information: it is built anew.
build_cmd_go()
{
	local go

	go=$(go_for local) || return 1
	CMD_GO=$TARGETS/cmd-go/go
	[ ! -x "$CMD_GO" ] || return 0
	mkdir -p "${CMD_GO%/*}"
	(cd / && $go build -o "$CMD_GO.new" cmd/go) && mv "$CMD_GO.new" "$CMD_GO"
}

@test "go list: the arguments and results of cmd/go/internal/load" {
	local go

	go=$(go_for local)
	build_cmd_go
	cd "$ROOT/examples"
	GOROOT=$($go env GOROOT) GOTOOLCHAIN=local traced 0 --format=jsonl -o "$TMP/trace" \
		--buffer 64M -u 'cmd/go/internal/load.*' --exec "$CMD_GO" -- list ./...
	[ "$(cat "$FTRACE_OUT")" = "ftrace.example/httpd
ftrace.example/load
ftrace.example/pool
ftrace.example/student" ] || fail "$(cat "$FTRACE_OUT")"
	nothing_lost "$TMP/trace"
	expect_json '[.[] | select(.func == "cmd/go/internal/load.PackagesAndErrors")] |
		.[0].args | map(select(.name == "patterns"))[0].value | tojson' '["./..."]' "$TMP/trace"
	# What was named is what was loaded.
	expect_json '[.[] | select(.func == "cmd/go/internal/load.PackagesAndErrors")][0].results[0].len //
		([.[] | select(.func == "cmd/go/internal/load.PackagesAndErrors")][0].results[0].value | length)' 4 "$TMP/trace"
	# Everything has its values: nothing was wild, no type unknown, no name escaped.
	expect_json '[.[] | select(.type == "call") | .args[]?, .results[]? | .. | objects | .error // empty |
		select(test("^<(in X|left out)") | not)] | unique' '[]' "$TMP/trace"
	expect_json '[.[] | select(.type == "call" and .end == "return" and .args)] | length > 100' true "$TMP/trace"
}
