#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --follow-calls: functions chosen by the call graph, in the list and in a trace.

load lib
load steps

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	CALLS=$(build_go "$ROOT/tests/unit/plan/calls" calls)
}

teardown()
{
	stop_all
	no_probes_left
}

ft() { traced 0 --format=jsonl "$@"; }

# shown: the functions in the last JSON output, sorted, each once, literals left out.
shown()
{
	json '[.[] | select(.type == "call" or .type == "probe") | .func | select(test("func[0-9]|wrap") | not)
		| ltrimstr("main.")] | unique | join(" ")' "$@"
}

# lists EXPECTED ARG...
lists()
{
	local expected=$1

	shift
	ft list "$@"
	[ "$(shown)" = "$expected" ] || fail "$*: '$(shown)' instead of '$expected'"
}

# none GREP-ARG...: no such line. A failing `!` alone would not end a test.
none()
{
	if grep "$@"; then
		fail "there is: $*"
	fi
}

@test "each level adds what the one before calls, and the trace has what the list says" {
	lists "top" -u main.top "$CALLS"
	lists "middle top" -u main.top --follow-calls 1 "$CALLS"
	expect_json '[.[] | "\(.func):\(.level)"] | sort | join(" ")' "main.middle:1 main.top:null"
	lists "leaf middle top" -u main.top --follow-calls 2 "$CALLS"
	ft -D main.top --follow-calls 2 --exec "$CALLS"
	[ "$(shown)" = "leaf middle top" ]
	expect_json '[.[] | select(.type == "call") | "\(.depth):\(.func)"] | join(" ")' \
		"0:main.top 1:main.middle 2:main.leaf"
}

@test "goroutines, defers, literals, generic functions, through wrappers" {
	ft -u main.goes -N 'sync.*' --follow-calls 1 --exec "$CALLS"
	[ "$(shown)" = "bare goes task" ] || fail "$(shown)"
	lists "bare defersInLoop task" -u main.defersInLoop --follow-calls 1 "$CALLS"
	lists "apply literals middle" -u main.literals --follow-calls 2 "$CALLS"
	lists "generic[go.shape.float64] generic[go.shape.string] instances" -u main.instances --follow-calls 1 "$CALLS"
}

@test "-N wins, and nothing is followed through it; -x limits patterns only" {
	lists "middle top" -u main.top -N main.leaf --follow-calls 2 "$CALLS"
	lists "top" -u main.top -N main.middle --follow-calls 2 "$CALLS"
	mkdir -p "$TMP/m/vendor/example.org/far"
	printf 'module near.org/m\ngo 1.19\nrequire example.org/far v1.0.0\n' >"$TMP/m/go.mod"
	printf '# example.org/far v1.0.0\n## explicit\nexample.org/far\n' >"$TMP/m/vendor/modules.txt"
	printf 'package far\n//go:noinline\nfunc Call(n int) int { return n + 1 }\n' \
		>"$TMP/m/vendor/example.org/far/far.go"
	printf 'package main\nimport "example.org/far"\nfunc main() { println(far.Call(1)) }\n' >"$TMP/m/main.go"
	(cd "$TMP/m" && $(go_for local) build -mod=vendor -o "$TMP/x" .)
	lists "example.org/far.Call main" -x -u 'main.*' --follow-calls 1 "$TMP/x"
}

@test "the runtime is left out, unless it is chosen" {
	ft list -u main.main --follow-calls 255 "$CALLS"
	expect_json '[.[] | select(.func | test("^(runtime|internal/runtime|type:)"))] | length' 0
	[ "$(json length)" -gt 20 ]
	ft list -u main.main -u runtime.makeslice --follow-calls 1 "$CALLS"
	expect_json '[.[] | select(.func == "runtime.mallocgc") | .level]' '[1]'
}

@test "json.Marshal, three levels down, as it happens" {
	mkdir "$TMP/j"
	printf 'module m\ngo 1.19\n' >"$TMP/j/go.mod"
	cat >"$TMP/j/main.go" <<-'EOF'
		package main

		import ("encoding/json"; "os")

		type point struct{ X, Y int }

		func main() {
			text, _ := json.Marshal([]point{{1, 2}, {3, 4}})
			os.Stdout.Write(append(text, '\n'))
		}
	EOF
	(cd "$TMP/j" && $(go_for local) build -o "$TMP/json" .)
	ft -o "$TMP/trace" -v -u encoding/json.Marshal --follow-calls 3 --exec "$TMP/json"
	[ "$(cat "$FTRACE_OUT")" = '[{"X":1,"Y":2},{"X":3,"Y":4}]' ]
	grep -qE '^ftrace: --follow-calls 3: [1-9][0-9]* functions more; [1-9][0-9]* calls? through pointers' "$FTRACE_ERR"
	# The chain that the package's source has, each in the one before.
	expect_json '[.[] | select(.type == "call")] as $all | [$all[] | select(.func == "encoding/json.Marshal")] |
		length' 1 "$TMP/trace"
	for pair in Marshal:'(*encodeState).marshal' '(*encodeState).marshal':'(*encodeState).reflectValue' \
		'(*encodeState).reflectValue':valueEncoder; do
		[ "$(jq -s -r --arg up "encoding/json.${pair%%:*}" --arg down "encoding/json.${pair#*:}" '
			(map(select(.type == "call")) | INDEX(.id)) as $by |
			[.[] | select(.type == "call" and .func == $down) | $by[.parent | tostring].func] |
			index($up) != null' "$TMP/trace")" = true ] || fail "$pair"
	done
	expect_json '[.[] | select(.type == "call" and (.func | startswith("runtime.")))] | length' 0 "$TMP/trace"
	expect_json '[.[] | select(.type == "call" and .end != "return" and .end != "tail")] | length' 0 "$TMP/trace"
	traced 0 -q -v -u encoding/json.Marshal --follow-calls 3 --exec "$TMP/json"
	none -q follow-calls "$FTRACE_ERR"
}

@test "the list counts what was found and what could not be followed" {
	traced 0 list -u main.literals --follow-calls 2 "$CALLS"
	expect "$FTRACE_OUT" "; 3 by --follow-calls; 1 call through pointers, not followed"
	traced 0 list -u main.literals "$CALLS"
	none -q follow "$FTRACE_OUT"
}

@test "a stripped, position-independent program says the same" {
	stripped=$(build_go "$ROOT/tests/unit/plan/calls" stripped local -buildmode=pie '-ldflags=-s -w')
	for func in goes literals defersInLoop main; do
		ft list -u main.$func --follow-calls 3 "$CALLS"
		# Only symbols tell assembly by its name.
		shown | sed 's/\.abi0//g' >"$TMP/plain"
		ft list -u main.$func --follow-calls 3 "$stripped"
		diff "$TMP/plain" <(shown)
	done
}

@test "levels are a number from 1 to 255" {
	for value in 0 256 -1 x '' 1.5; do
		refused 2 "--follow-calls: '$value': not a number from 1 to 255; give one" \
			--follow-calls "$value" "$CALLS"
	done
}
