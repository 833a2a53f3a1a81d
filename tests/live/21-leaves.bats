#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Calls that are seen late, since that costs less: at their `ret`, or at a branch that all of them pass.

load lib
load steps

setup()
{
	require_root
	probes_remember
	LEAVES=$(build_go "$ROOT/tests/live/programs/leaves" leaves)
}

teardown()
{
	stop_all
	no_probes_left
}

# calls: the calls of the last JSON trace, as NAME COUNT, sorted.
calls()
{
	json '[.[] | select(.type == "call") | .func | ltrimstr("main.")] | group_by(.) | map("\(.[0]) \(length)") | join(", ")'
}

ft() { traced 0 --format=jsonl -u 'main.*' -N main.main "$@" --exec "$LEAVES"; }

ALL="(*pair).first 102, (*pair).first-fm 2, (*pair).second 101, (*pair).second-fm 1, (*pair).set 100, length 100, nothing 100, safe 3, safe.func1 3, same 100, sum 100"

# stepped OPTION...: how many entries take a second trap.
stepped()
{
	"$FTRACE" list --format=jsonl -u 'main.*' "$@" "$LEAVES" | jq -s '[.[] | select(.entry == "stepped")] | length'
}

@test "with all that takes stack in the kernel besides" {
	ft --waits --goroutines --syscalls --signals -s 4
	[ "$(calls)" = "$ALL" ]
	ft --waits --goroutines --syscalls --signals --max-overhead 99
	[ "$(calls)" = "$ALL" ]
}

@test "without values no entry takes a second trap" {
	[ "$(stepped --no-args)" = 0 ]
	# What has overwritten its arguments by then is seen at its beginning.
	[ "$(stepped)" -gt 0 ]
}

@test "every call is seen, once, with and without values" {
	ft --no-args --no-results
	[ "$(calls)" = "$ALL" ]
	ft
	[ "$(calls)" = "$ALL" ]
	ft --no-args
	[ "$(calls)" = "$ALL" ]
}

@test "what a call is said to take is known to be less than a microsecond only" {
	ft --no-args
	[ "$(json '[.[] | select(.func == "main.sum")] | all(.duration == 0 and .approximate and .end == "return")')" = true ]
	[ "$(json '[.[] | select(.func == "main.sum") | .results[0].value] | add')" = 5050 ]
	traced 0 -u main.nothing --exec "$LEAVES"
	[[ $(<"$FTRACE_OUT") == *" <1us "*" main.nothing();"* ]]
}

@test "arguments that are still in their registers come with both ends" {
	ft -N 'main.(*pair).*'
	[ "$(json '[.[] | select(.func == "main.same") | .args[1].value == .results[1].value] | all')" = true ]
	[ "$(json '[.[] | select(.func == "main.sum") | .args[0].value + .args[1].value == .results[0].value] | all')" = true ]
	[ "$(json '[.[] | select(.func == "main.length") | .args[0].value.a] | unique')" = "[1]" ]
}

@test "a call that panics before it would be seen is in its place" {
	ft --no-args
	[ "$(json '[.[] | select(.func == "main.(*pair).first" and .end == "unwound")] | length')" = 1 ]
	[ "$(json '. as $all | .[] | select(.func == "main.(*pair).first" and .end == "unwound") | .parent as $p
		| $all[] | select(.id == $p) | .func')" = 'main.(*pair).first-fm' ]
	[ "$(json '[.[] | select(.func == "main.(*pair).second" and .end == "unwound")] | length')" = 1 ]
}

@test "what the kernel decides holds for both ends" {
	ft --no-args --depth 1
	[ "$(calls)" = "(*pair).first 100, (*pair).second 100, (*pair).set 100, length 100, nothing 100, safe 3, same 100, sum 100" ]
	ft --no-args --sample 2 -N 'main.safe*' -N '*-fm' -N 'main.(*pair).*'
	[ "$(json '[.[] | select(.type == "call")] | length')" = 200 ]
	ft --no-args -D main.safe
	[ "$(calls)" = "(*pair).first 2, (*pair).first-fm 2, (*pair).second 1, (*pair).second-fm 1, safe 3, safe.func1 3" ]
	ft --filter 'main.same: b < 10'
	[ "$(json '[.[] | select(.func == "main.same")] | length')" = 10 ]
	ft --summary=only --no-args
	[ "$(json '[.[] | select(.type == "function") | select(.func == "main.sum" or .func == "main.nothing") | .calls] | add')" = 200 ]
}

@test "their callers are those of other calls" {
	ft --no-args -s 3
	[ "$(json '[.[] | select(.func == "main.sum") | .caller.func] | unique | join(" ")')" = main.main ]
	[ "$(json '[.[] | select(.func == "main.sum") | .stack[1].func] | unique | join(" ")')" = runtime.main ]
}

# As `make test-late` does with any number of executables.
@test "what is said of the code in front of late sites holds on an emulated processor" {
	local go

	go=$("$ROOT/scripts/find-go")
	run "$BUILD/emulate/late" "$LEAVES" "$("$go" env GOROOT)/bin/gofmt"
	[ "$status" = 0 ] || fail "$output"
	[[ $output != *" 0 functions"* ]] || fail "$output"
}
