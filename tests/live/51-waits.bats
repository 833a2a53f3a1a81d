#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --waits: where the time of calls went, against what the target says itself (tests/targets/waits), and together with the options
# that leave calls out.

load lib
load truth

# What takes long is built here, where no test's time runs out: each builds it again, from the cache.
setup_file()
{
	local go

	truth_tools
	for go in local go1.19.13 go1.27.0; do
		build_go "$ROOT/tests/targets/waits" waits "$go" >/dev/null
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

# waits GO [FLAG...]: all cases, as that release builds them; then every wrong trace refused.
waits()
{
	waits_trace "$(build_go "$ROOT/tests/targets/waits" waits "$@")" "$BATS_TEST_TMPDIR/run" || return 1
	run waits_check "$BATS_TEST_TMPDIR/run" -reject
	[ "$status" = 0 ] || fail "$output"
}

# trace_waits CASE OPTION...: main.traced and the options' functions, in $FTRACE_OUT.
trace_waits()
{
	local bin name=$1

	shift
	bin=$(build_go "$ROOT/tests/targets/waits" waits)
	TRUTH_DIR=$BATS_TEST_TMPDIR run_ftrace --waits --no-args --no-results --format=jsonl "$@" \
		--exec "$bin" -- -rounds 5 "$name"
}

# sums: every call that has ended has times, and they make its duration.
sums()
{
	expect_json '[.[] | select(.type == "call") | .duration == ([.times[]] | add)] | unique' '[true]'
}

@test "waits: the Go release on PATH" { waits local; }
@test "waits: Go 1.19" { waits go1.19.13; }
@test "waits: Go 1.27" { waits go1.27.0; }
@test "waits: nothing inlined or kept in registers" { waits local "-gcflags=all=-N -l"; }
@test "waits: without symbols and debug information" { waits local "-ldflags=-s -w"; }

@test "waits: with the race detector, position-independent, C code in it" {
	waits local -race
	waits local -buildmode=pie
	CGO_ENABLED=1 waits local -ldflags=-linkmode=external
}

# What the scheduler does most then stands in its callers.
@test "waits: optimized by a profile of what changes states most" {
	local profile=$TARGETS/states.profile

	if [ ! -s "$profile" ]; then
		"$(build_go "$ROOT/tests/targets/states" states)" -profile "$profile.new" -procs 1 channel 1000000
		mv "$profile.new" "$profile"
	fi
	waits local "-pgo=$profile"
	# As many changes as without, in places that are found by themselves.
	"$FTRACE" list --waits -u main.traced --format jsonl "$(build_go "$ROOT/tests/targets/waits" waits local "-pgo=$profile")" \
		>"$BATS_TEST_TMPDIR/list"
	[ "$(jq -s '[.[] | select(.type == "state") | .func] | unique | length' "$BATS_TEST_TMPDIR/list")" -gt 4 ]
}

@test "a wait in a call that is left out hangs on the nearest one that is shown" {
	trace_waits receive -u main.traced -u runtime.chanrecv1 --depth 1
	sums
	# The goroutine that begins the rounds receives, too: it is in no call of main.traced.
	expect_json '(map(select(.type == "call" and .func == "main.traced")) | map(.id)) as $traced
		| [.[] | select(.type == "wait" and .reason == "chan receive") | select(.call | IN($traced[]))] | length' 5
	trace_waits receive -u main.traced -u runtime.chanrecv1
	sums
	expect_json '(map(select(.type == "call")) | INDEX(.id)) as $calls
		| [.[] | select(.type == "wait" and .reason == "chan receive") | $calls[.call | tostring].func] | unique | .[]' \
		runtime.chanrecv1
}

@test "sums are exact in streamed calls" {
	trace_waits sleep -u main.traced --stream
	sums
	expect_json '[.[] | select(.type == "wait" and .reason == "sleep") | .streamed] | (length, (unique | .[]))' $'20\ntrue'
}

@test "what --min-duration leaves out leaves its waits to its caller" {
	trace_waits sleep -u main.traced -u time.Sleep --min-duration 1s
	expect_json '[.[] | select(.type == "call" or .type == "wait")] | length' 0
	trace_waits sleep -u main.traced -u time.Sleep --min-duration 3ms
	sums
	expect_json '[.[] | select(.type == "call") | .func] | group_by(.) | map([.[0], length]) | .[0]' '["main.traced",5]'
	expect_json '[.[] | select(.type == "wait" and .reason == "sleep")] | length' 20
}

@test "waits shorter than --min-wait have no line, and count" {
	trace_waits sleep -u main.traced --min-wait 1s
	sums
	expect_json '[.[] | select(.type == "wait")] | length' 0
	expect_json '[.[] | select(.type == "call") | .times.waiting > 3000000] | unique | .[]' true
}

@test "with --sample and -D, what is shown has its times" {
	trace_waits sleep -u main.traced -u time.Sleep --sample 2
	sums
	trace_waits sleep -u main.traced -u time.Sleep -D time.Sleep
	sums
	expect_json '[.[] | select(.type == "call") | .func] | unique | .[]' time.Sleep
	expect_json '[.[] | select(.type == "wait" and .reason == "sleep")] | length' 20
}

# A filter that refuses the caller: its callee's waits are the callee's.
@test "with --filter and --goid, what is shown has its times" {
	trace_waits sleep -u main.traced -u time.Sleep --filter 'time.Sleep: ns == 1000000'
	sums
	expect_json '[.[] | select(.type == "wait" and .reason == "sleep")] | length' 20
	trace_waits sleep -u main.traced -u main.main --goid 1
	expect_json '[.[] | select(.type == "call") | .func] | .[]' main.main
	sums
}

@test "with every other option that leaves calls out, or shows them otherwise, what is shown has its times" {
	for options in "--depth 1" "--fold" "-s 3" "--follow-calls 2" "--max-overhead 90" "--hold 1ms" "--stream --depth 1" \
		"--syscalls --signals" "--summary --histogram"; do
		# shellcheck disable=SC2086 # words
		trace_waits receive -u main.traced $options
		expect_json '[.[] | select(.type == "call" and .times) | .duration == ([.times[]] | add)] | unique' '[true]'
		expect_json '[.[] | select(.type == "call" and .func == "main.traced" and .times)] | length' 5
		expect_json '[.[] | select(.type == "call" and .end == "return" and (has("times") | not))] | length' 0
	done
	# A tree without an error leaves nothing of its waits.
	trace_waits receive -u main.traced --errors
	expect_json '[.[] | select(.type == "call" or .type == "wait")] | length' 0
	trace_waits receive -u main.traced --max-calls 2
	expect_json '[.[] | select(.type == "call" and .end == "return" and .duration == ([.times[]] | add))] | length' 2
}

@test "the table of --summary says what the calls say" {
	trace_waits sleep -u main.traced --summary
	expect_json '([.[] | select(.type == "call") | .times.waiting + .times.runnable + .times.offcpu] | add) as $wait
		| .[] | select(.type == "function" and .func == "main.traced") | .wait == $wait' true
}
