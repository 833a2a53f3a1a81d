#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel decides by itself: calls that are not wanted are not sent, and those that are only
# counted are counted where they end. Its own account of the open frames must say the same as the one
# that user space keeps, in the cases that are hard.

load lib
load steps
load truth

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

# Targets whose calls are the same in every run.
SAME="copied panics goexit defers recursion wrappers asm safe"

# case_run NAME OPTION...: the case of that name, with more options.
case_run()
{
	local bin

	truth_row "$1" || return 1
	bin=$(build_go "$ROOT/tests/targets/$CASE_TARGET" "$CASE_TARGET") || return 1
	shift
	mkdir -p "$BATS_TEST_TMPDIR/logs"
	TRUTH_DIR=$BATS_TEST_TMPDIR/logs traced "$CASE_STATUS" --format=jsonl "${CASE_OPTIONS[@]}" "$@" \
		--exec "$bin" -- "${CASE_ARGS[@]}"
}

# per_func FILTER: how many calls of each function pass the jq filter, as one object.
per_func()
{
	json "[.[] | select(.type == \"call\" and ($1)) | .func] | group_by(.) |
	      map({key: .[0], value: length}) | from_entries"
}

@test "--depth: what is cut is what a whole trace has below, and it is not sent" {
	local name whole

	for name in $SAME; do
		case_run "$name"
		whole=$(per_func '.depth < 2')
		case_run "$name" --depth 2
		[ "$(per_func true)" = "$whole" ] || fail "$name:
whole: $whole
cut:   $(per_func true)"
	done
	steps_build
	traced 0 --format=jsonl --depth 1 --exec "$STEPS" -- nest 5 work 3 nest 2
	expect_json '[.[] | select(.type == "call")] | length' 1
	expect_json '.[-1].records' 2
}

@test "--depth: a depth that nothing reaches cuts nothing, however the frames end" {
	local name whole

	for name in $SAME; do
		case_run "$name"
		whole=$(per_func true)
		case_run "$name" --depth 1000000
		[ "$(per_func true)" = "$whole" ] || fail "$name: $whole
$(per_func true)"
	done
}

@test "--filter: a call that does not pass costs no record, neither at its exit" {
	steps_build
	traced 0 --format=jsonl -u main.number -u main.inner --exec "$STEPS" -- work 7 nest 6
	[ "$(json '[.[] | select(.type == "call")] | length')" -gt 2 ]
	local name arg
	name=$(json '[.[] | select(.type == "call" and .args)][0] | .func')
	arg=$(json '[.[] | select(.type == "call" and .args)][0] | .args[0].name')
	traced 0 --format=jsonl -u "$name" --filter "$name: $arg != $arg" --exec "$STEPS" -- work 7 nest 6
	expect_json '[.[] | select(.type == "call")] | length' 0
	expect_json '.[-1].records' 0
}

@test "--sample: roots that are passed over are counted, and are not sent" {
	local roots

	steps_build
	traced 0 --format=jsonl -u main.work -u main.inner --exec "$STEPS" -- work 1 work 2 work 3 work 4 work 5
	roots=$(json '[.[] | select(.type == "call" and .depth == 0)] | length')
	[ "$roots" -ge 5 ]
	traced 0 --format=jsonl -u main.work -u main.inner --sample 2 --exec "$STEPS" -- \
		work 1 work 2 work 3 work 4 work 5
	expect_json '[.[] | select(.type == "call" and .depth == 0)] | length' $(((roots + 1) / 2))
	expect_json '.[-1].skipped' $((roots / 2))
	expect_json '(.[-1].records == 2 * .[-1].calls)' true
}

@test "--goid: no other goroutine sends anything" {
	steps_build
	traced 0 --format=jsonl --goid 1 --exec "$STEPS" -- work 2 nest 3
	expect_json '(.[-1].records == 2 * .[-1].calls and .[-1].calls > 3)' true
	traced 0 --format=jsonl --goid 123456 --exec "$STEPS" -- work 2 nest 3
	expect_json '.[-1].records' 0
}

@test "-D: what is outside of its trees is not sent" {
	steps_build
	traced 0 --format=jsonl -D main.work --exec "$STEPS" -- nest 4 work 2 nest 4
	expect_json '(.[-1].records == 2 * .[-1].calls and .[-1].calls >= 1)' true
	expect_json '[.[] | select(.type == "call" and .depth == 0) | .func] | unique | join(" ")' main.work
}

@test "--summary=only: the kernel counts as user space does, and sends nothing" {
	local name whole counts='[.[] | select(.type == "function") | {(.func): [.calls, .errors]}] | add'

	for name in $SAME; do
		case_run "$name" --summary
		whole=$(json "$counts" | jq -S -c .)
		[ "$whole" != null ]
		case_run "$name" --summary=only
		expect_json '.[-1].records' 0
		[ "$(json "$counts" | jq -S -c .)" = "$whole" ] || fail "$name:
records: $whole
kernel:  $(json "$counts" | jq -S -c .)"
		# No time is counted twice, and no call is longer than the trace.
		expect_json '(.[-1].duration) as $all | [.[] | select(.type == "function") |
			select(.self > .total and .calls == 1 or .min > .avg or .avg > .max or .max > $all or
			       (.histogram | map(.[1]) | add) != .calls) | .func] | join(" ")' ""
	done
}

@test "-s: the callers are those that the runtime names, inlined bodies too" {
	local toolchain bin want got

	for toolchain in go1.19.13 local; do
		bin=$(build_go "$ROOT/tests/live/programs/callers" callers "$toolchain")
		traced 0 --format=jsonl -o "$BATS_TEST_TMPDIR/trace" -s 40 -u 'main.traced*' --exec "$bin"
		# The runtime says runtime.goexit, the symbol has its ABI behind it. It does not speak of
		# wrappers that the compiler made, nor of its own inner functions.
		want=$(cat "$FTRACE_OUT")
		got=$(json '.[] | select(.type == "call" and .depth == 0) | [.stack[] |
			"\(.inlined // .func | sub("\\.abi0$"; ""))@\(.file | split("/")[-1]):\(.line)" |
			select(test("@<autogenerated>|deferCallSave|runOpenDeferFrame|main.deferred.(func2|deferwrap)") |
			       not)] | join(" ")' \
			"$BATS_TEST_TMPDIR/trace")
		diff <(echo "$want") <(echo "$got") >&2 || fail "$toolchain: other callers"
	done
}

@test "-s: as many as were asked for, above root calls only; in text the outermost first" {
	local bin

	bin=$(build_go "$ROOT/tests/live/programs/callers" callers)
	traced 0 --format=jsonl -o "$BATS_TEST_TMPDIR/trace" -s 2 -u 'main.traced*' --exec "$bin"
	expect_json '[.[] | select(.type == "call" and .depth == 0) | .stack | length] | unique | join(" ")' 2 \
		"$BATS_TEST_TMPDIR/trace"
	expect_json '[.[] | select(.type == "call" and .depth > 0 and has("stack"))] | length' 0 \
		"$BATS_TEST_TMPDIR/trace"
	traced 0 -o "$BATS_TEST_TMPDIR/text" -s 3 -u main.tracedLeaf --no-timestamp --exec "$bin"
	# The innermost is in the line of the call itself.
	grep -q ' main.tracedLeaf(.* main.direct+' "$BATS_TEST_TMPDIR/text" || fail "$(cat "$BATS_TEST_TMPDIR/text")"
	sed -n '2,3s/^ *[0-9]* *//p' "$BATS_TEST_TMPDIR/text" | sed 's/+[0-9]* .*//' |
		diff - <(printf '^ runtime.main\n^ main.main\n') >&2 || fail "$(cat "$BATS_TEST_TMPDIR/text")"
	refused 2 "*: *; *" -s 0 "$bin"
	refused 2 "*: *; *" -s 65 "$bin"
	refused 2 "*: *; *" -s -1 "$bin"
	refused 2 "*: *; *" -s '' "$bin"
}
